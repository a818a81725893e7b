from django.contrib import admin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.actions import handle_feedback
from education.admin.badges import badge
from education.admin.confirmation import asks_for, change_page, confirm_action
from education.admin.filters import NeedsAnswerFilter, PageFilter
from education.feedback_results import results_by_article, results_of, with_articles
from education.models import Article, Feedback
from gutskin.accounts.permissions import require_permission


@admin.register(Feedback)
class FeedbackAdmin(admin.ModelAdmin):
    """What readers answered. Their comments appear only on the page of one answer: some write about their health."""

    change_form_template = "admin/education/feedback/change_form.html"
    change_list_template = "admin/education/feedback/change_list.html"
    fields = ["page", "answer", "reason", "words", "created_at", "handled_at", "handled_by", "handled_note"]
    list_display = ["created_at", "page", "revision_number", "answer", "reason", "answer_needed"]
    list_filter = [
        NeedsAnswerFilter,
        "is_helpful",
        "reason",
        PageFilter,
        "created_at",
    ]
    list_select_related = ["revision"]
    # Not `words`: what readers write about their health would end up in addresses and server logs.
    search_fields = ["revision__title"]
    search_help_text = _lazy("By the title of the page.")
    # No bulk actions: each answer that is dealt with needs a note of its own.
    actions = None

    def has_add_permission(self, request):
        return False

    # Answers are never deleted, so that counts stay right; the scheduler empties old comments.
    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def change_view(self, request, object_id, form_url="", extra_context=None):
        feedback = self.get_object(request, object_id)
        if feedback is not None and self.has_view_or_change_permission(request, feedback):
            extra_context = (extra_context or {}) | {
                "title": str(feedback),
                "subtitle": feedback.revision.title,
                "article": feedback.revision.article,
                "may_handle": feedback.handled_at is None and self.has_change_permission(request, feedback),
                # Nothing is edited here; “Deal with it…” leads to the only action.
                "show_save": False,
                "show_save_and_continue": False,
            }
        return super().change_view(request, object_id, form_url, extra_context)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("results/", view(self.results_view), name="education_feedback_results"),
            path("results/<int:pk>/", view(self.article_results_view), name="education_feedback_article"),
            path("<int:pk>/handle/", view(self.handle_view), name="education_feedback_handle"),
            *super().get_urls(),
        ]

    @asks_for(_lazy("What was done, or why nothing needs doing"))
    def handle_view(self, request, pk):
        require_permission(self.has_change_permission(request))
        feedback = get_object_or_404(Feedback.objects.select_related("revision"), pk=pk)
        return confirm_action(
            request,
            subject=feedback,
            title=_("Deal with this answer"),
            explanation=_(
                "It leaves the list of comments that need an answer. No one can reply to the reader; the note is for "
                "your colleagues. Please do not repeat the reader's words in it: they are deleted after a year, but "
                "the note is not."
            ),
            button=_("Mark as dealt with"),
            text_required=True,
            act=lambda note: handle_feedback(feedback, by=request.user, note=note),
            success_message=_("Dealt with."),
            back=change_page(feedback),
        )

    def results_view(self, request):
        """The pages of the site, the least helpful first."""
        template, title = "admin/education/feedback/results_all.html", _("Was this page helpful?")
        page = Paginator(results_by_article(), self.list_per_page).get_page(request.GET.get("page"))
        return self._results_page(request, template, title=title, page=page, rows=with_articles(page))

    def article_results_view(self, request, pk):
        article = get_object_or_404(Article.objects.with_live(), pk=pk)
        template = "admin/education/feedback/results_article.html"
        return self._results_page(
            request, template, title=article.shown_title, article=article, results=results_of(article)
        )

    def _results_page(self, request, template, **context):
        require_permission(self.has_view_permission(request))
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, context)

    @admin.display(description=_lazy("page"), ordering="revision__title")
    def page(self, feedback):
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:education_feedback_article", args=[feedback.revision.article_id]),
            feedback.revision.title,
        )

    @admin.display(description=_lazy("revision"), ordering="revision__number")
    def revision_number(self, feedback):
        return feedback.revision.number

    @admin.display(description=_lazy("answer"), ordering="is_helpful")
    def answer(self, feedback):
        # Borrowed from the states of revisions for their colours.
        return badge("published" if feedback.is_helpful else "changes_requested", str(feedback))

    @admin.display(description=_lazy("needs an answer"))
    def answer_needed(self, feedback):
        if feedback.needs_an_answer:
            return badge("awaiting", _("Yes"))
        return _("Dealt with") if feedback.handled_at else ""
