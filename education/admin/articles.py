from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.actions import WorkingCopyChanged, save_working_copy
from education.admin.article_checks import ArticleChecks
from education.admin.article_filters import LivePageFilter, WaitingFilter
from education.admin.article_form import ArticleForm
from education.admin.article_history import ArticleHistory
from education.admin.article_steps import ArticleSteps
from education.admin.badges import chip
from education.admin.care_cards import CareCardInline
from education.admin.source_filters import ArticleSourcesFilter
from education.article_checks import check
from education.differences import reading_text
from education.models import Article, Revision

# Fixed once readers may have kept the address.
ADDRESS = ["kind", "slug", "language"]


@admin.register(Article)
class ArticleAdmin(ArticleChecks, ArticleHistory, ArticleSteps, admin.ModelAdmin):
    """The editing desk. Saving changes the working copy only; what readers see changes by a review."""

    form = ArticleForm
    inlines = [CareCardInline]
    change_form_template = "admin/education/article/change_form.html"
    list_display = ["title", "kind", "public_page", "waiting", "last_saved"]
    list_filter = ["kind", "language", LivePageFilter, WaitingFilter, ArticleSourcesFilter]
    list_select_related = ["live", "updated_by"]
    search_fields = ["title", "summary", "slug"]
    date_hierarchy = "updated_at"
    fieldsets = [
        (None, {"fields": ["title", "summary", "key_points"]}),
        (None, {"fields": ["body"], "classes": ["wide-editor"]}),
        (_lazy("For the reader"), {"fields": ["questions", "related"]}),
        (_lazy("About this article"), {"fields": ["conflicts_of_interest", *ADDRESS, "translation_of"]}),
    ]

    def get_queryset(self, request):
        waiting = Revision.objects.awaiting_review().filter(article=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                waiting_id=Subquery(waiting.values("pk")[:1]), waiting_number=Subquery(waiting.values("number")[:1])
            )
        )

    def get_readonly_fields(self, request, obj=None):
        was_published = obj is not None and obj.revisions.filter(published_at__isnull=False).exists()
        return ["readable_body", *(ADDRESS if was_published else [])]

    def get_view_on_site_url(self, obj=None):
        """Without a public page the address leads nowhere."""
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    def get_fieldsets(self, request, obj=None):
        """Whoever may only read gets the text as words, not as HTML."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        return [
            (name, options | {"fields": ["readable_body" if field == "body" else field for field in options["fields"]]})
            for name, options in self.fieldsets
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except WorkingCopyChanged:
            # Another person saved between our look and our write. Asked again, the form sees that and says so.
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if change:
            save_working_copy(obj, by=request.user, seen_version=form.seen_version)
        else:
            obj.updated_by = request.user
            obj.save()
            obj.contributors.add(request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        article = self.get_object(request, object_id)
        if article is not None:
            extra_context = (extra_context or {}) | self._desk(request, article)
        return super().change_view(request, object_id, form_url, extra_context)

    def _desk(self, request, article):
        schedule = self.schedule_desk(request, article)
        is_under_way = article.waiting_id is not None or schedule["scheduled"] is not None
        return {
            "public_page": self.public_page(article),
            "waiting": self.waiting(article),
            "last_revisions": article.revisions.select_related("author").order_by("-number")[:5],
            "panel": check(article),
            "may_submit": self.has_change_permission(request, article) and not is_under_way,
            **schedule,
        }

    @admin.display(description=_lazy("public page"), ordering="live__next_review_due")
    def public_page(self, article):
        live = article.live
        if live is None:
            return chip("unpublished", _("Not published"))
        if not live.is_reviewed:
            return chip("awaiting", _("Awaiting clinical review"))
        if live.is_overdue:
            return chip("overdue", _("Review overdue"))
        day = date_format(live.last_reviewed, "DATE_FORMAT")
        return chip("published", _("Reviewed on %(date)s") % {"date": day})

    @admin.display(description=_lazy("waiting for review"), ordering="waiting_number")
    def waiting(self, article):
        if article.waiting_id is None:
            return ""
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:education_revision_change", args=[article.waiting_id]),
            _("Revision %(number)s") % {"number": article.waiting_number},
        )

    @admin.display(description=_lazy("last saved"), ordering="updated_at")
    def last_saved(self, article):
        when = date_format(localtime(article.updated_at), "SHORT_DATETIME_FORMAT")
        return f"{when}, {article.updated_by}" if article.updated_by else when

    @admin.display(description=_lazy("text"))
    def readable_body(self, article):
        return linebreaks_filter(reading_text(article.body))
