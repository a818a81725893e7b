from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import linebreaks_filter
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education import article_checks, publication_rules
from education.actions import WorkingCopyChanged, save_working_copy, snapshot, submit_for_review
from education.admin.article_form import ArticleEditor, ArticleForm
from education.admin.article_history import ArticleHistory
from education.admin.badges import badge
from education.admin.care_cards import CareCardInline
from education.admin.confirmation import asks_for, change_page, confirm_action
from education.admin.filters import ArticleSourcesFilter, LivePageFilter, WaitingFilter
from education.admin.schedule import ArticleSchedule
from education.article_page import article_context
from education.differences import reading_text
from education.models import Article, Revision, RevisionState
from education.models.evidence import TEXTS
from gutskin.accounts.permissions import require_permission
from gutskin.drafts.change_form import newest_draft
from gutskin.edit_conflicts import EditConflictMixin

# Read-only once the page has been public: readers and search engines may have kept its address.
ADDRESS_FIELDS = ["kind", "slug", "language"]


@admin.register(Article)
# The mixins come before ModelAdmin, so that their addresses are tried before Django's catch-all for primary keys.
class ArticleAdmin(ArticleEditor, ArticleHistory, ArticleSchedule, EditConflictMixin, admin.ModelAdmin):
    """Where articles are written. Saving changes the working copy only; the public page changes by a review."""

    form = ArticleForm
    inlines = [CareCardInline]
    change_form_template = "admin/education/article/change_form.html"
    list_display = ["title", "kind", "public_page", "waiting", "last_saved"]
    list_filter = ["kind", "language", LivePageFilter, WaitingFilter, ArticleSourcesFilter, "updated_at"]
    list_select_related = ["live", "updated_by"]
    list_defer = TEXTS
    search_fields = ["title", "summary", "slug"]
    # Searched, not listed: there may be thousands.
    autocomplete_fields = ["related", "translation_of"]
    fieldsets = [
        (None, {"fields": ["title", "summary", "key_points", "actions"]}),
        (None, {"fields": ["body"], "classes": ["wide-editor"]}),
        (_lazy("For the reader"), {"fields": ["questions", "related"]}),
        (_lazy("About this article"), {"fields": ["conflicts_of_interest", *ADDRESS_FIELDS, "translation_of"]}),
    ]

    def get_queryset(self, request):
        # Subqueries rather than lookups per row: a list of thirty articles costs as many queries as one of three.
        waiting = Revision.objects.awaiting_review().filter(article=OuterRef("pk")).order_by()
        return (
            super()
            .get_queryset(request)
            .annotate(
                waiting_id=Subquery(waiting.values("pk")[:1]), waiting_number=Subquery(waiting.values("number")[:1])
            )
        )

    def get_readonly_fields(self, request, obj=None):
        # Django asks three times for one page, so that most articles are not looked up.
        was_published = obj is not None and (
            obj.is_published or obj.revisions.filter(published_at__isnull=False).exists()
        )
        return ["readable_body", *(ADDRESS_FIELDS if was_published else [])]

    def choice_label(self, article):
        """Two articles may have one title: in two languages, or as a new one beside one that is public."""
        parts = [article.get_kind_display(), article.get_language_display()]
        return f"{article} ({', '.join(map(str, parts))}{'' if article.is_published else _(', not published')})"

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    def get_fieldsets(self, request, obj=None):
        """A user who may only read the article gets its text as words, not as HTML source."""
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
            # Another person saved between the form's check and our update. Validated again, the form reports it.
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if change:
            save_working_copy(obj, by=request.user, seen_version=int(form.seen_version))
        else:
            # A new article has no other version to compare with.
            obj.updated_by = request.user
            obj.save()
            obj.contributors.add(request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        article = self.get_object(request, object_id)
        if article is not None and self.has_view_or_change_permission(request, article):
            extra_context = (extra_context or {}) | self._status_context(request, article)
        return super().change_view(request, object_id, form_url, extra_context)

    def _status_context(self, request, article):
        schedule = self.schedule_context(request, article)
        # At most one revision of an article is under way, so a second submission would be refused.
        is_under_way = article.waiting_id is not None or schedule["scheduled"] is not None
        last_revisions = list(article.revisions.select_related("author").order_by("-number")[:5])
        was_sent_back = last_revisions and last_revisions[0].state == RevisionState.CHANGES_REQUESTED
        return {
            "public_page": self.public_page(article),
            "waiting": self.waiting(article),
            "last_revisions": last_revisions,
            "decisions": last_revisions[0].reviews.select_related("clinician") if was_sent_back else [],
            "panel": article_checks.check(article),
            "may_submit": self.has_change_permission(request, article) and not is_under_way,
            **schedule,
        }

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview_view), name="education_article_preview"),
            path("<int:pk>/submit/", view(self.submit_view), name="education_article_submit"),
            *super().get_urls(),
        ]

    def preview_view(self, request, pk):
        """The working copy as readers would see it. No revision is made."""
        article = get_object_or_404(Article, pk=pk)
        require_permission(self.has_view_permission(request, article))
        # snapshot() sanitises and renders exactly as a submission would, but stores nothing.
        context = article_context(article, snapshot(article)) | {"preview": True}
        return render(request, "education/article_detail.html", context)

    @asks_for(_lazy("Note to the reviewer (optional)"))
    def submit_view(self, request, pk):
        article = get_object_or_404(Article.objects.select_related("updated_by"), pk=pk)
        require_permission(self.has_change_permission(request, article))
        return confirm_action(
            request,
            subject=article,
            title=_("Submit for review"),
            explanation=_(
                "The working copy as last saved (%(date)s, by %(name)s) becomes a revision, which can no longer be "
                "changed. A reviewer reads exactly that text. The public page does not change yet."
            )
            % {
                "date": date_format(localtime(article.updated_at), "DATETIME_FORMAT"),
                "name": article.updated_by or _("the content loader"),
            },
            button=_("Submit for review"),
            act=lambda note: submit_for_review(article, by=request.user, note=note, seen=request.POST.get("seen")),
            # Posted back with the form. If someone saves in between, the author would submit a text that they have not
            # read.
            seen=str(article.version),
            success_message=_("Submitted. The public page stays as it is until someone else approves this revision."),
            back=change_page(article),
            blocking=publication_rules.article_problems(article),
            warnings=[*_unsaved_draft(request.user, article), *article_checks.warnings(article)],
        )

    @admin.display(description=_lazy("public page"), ordering="live__next_review_due")
    def public_page(self, article):
        live = article.live
        if live is None:
            return badge("unpublished", _("Not published"))
        if not live.is_reviewed:
            return badge("awaiting", _("Awaiting clinical review"))
        if live.is_overdue:
            return badge("overdue", _("Review overdue"))
        day = date_format(live.last_reviewed, "DATE_FORMAT")
        return badge("published", _("Reviewed on %(date)s") % {"date": day})

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


def _unsaved_draft(user, article):
    """A warning to an author whose own words are not in the working copy that they submit."""
    draft = newest_draft(user, article)
    if draft is None:
        return []
    when = date_format(localtime(draft.saved_at), "DATETIME_FORMAT")
    sentence = _("What you typed until %(when)s is a draft that is not saved, so it is not part of what you submit.")
    return [sentence % {"when": when}]
