from django.contrib import admin
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.actions import approve, request_changes, restore
from education.actions.reviews import due_if_approved
from education.actions.schedule import format_local
from education.admin.badges import badge
from education.admin.confirmation import asks_for, change_page, confirm_action
from education.admin.filters import AuthorFilter, ReviewerFilter, WaitingForYouFilter
from education.admin.reviews import PematForm
from education.admin.schedule import RevisionSchedule, ScheduleForm, approval_message
from education.article_page import article_context
from education.differences import differences
from education.models import Review, Revision, RevisionState
from education.models.evidence import TEXTS_OF_A_REVISION
from gutskin.accounts.permissions import require_permission
from gutskin.admin_site import ReadOnlyAdminMixin
from gutskin.plots import score_trend

REVIEW = "education.review_revision"


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdminMixin, RevisionSchedule, admin.ModelAdmin):
    """Where a reviewer compares a revision with the live page and decides about it. Revisions are never edited."""

    change_form_template = "admin/education/revision/change_form.html"
    # The template shows everything that there is to read; nothing is a form field.
    fields = []
    list_display = [
        "title",
        "number",
        "state_badge",
        "author",
        "created_at",
        "reading_grade",
        "word_count",
        "reviewer",
        "next_review_due",
    ]
    list_filter = [WaitingForYouFilter, "state", "article__kind", AuthorFilter, ReviewerFilter, "created_at"]
    list_select_related = ["author", "reviewer"]
    list_defer = TEXTS_OF_A_REVISION
    search_fields = ["title", "summary", "note"]
    ordering = ["-created_at", "-pk"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        revision = self.get_object(request, object_id)
        if revision is not None and self.has_view_or_change_permission(request, revision):
            extra_context = (extra_context or {}) | self._review_context(request, revision)
        return super().change_view(request, object_id, form_url, extra_context)

    def _review_context(self, request, revision):
        live = revision.article.live
        # The live revision is not compared with itself.
        against = live if live and live.pk != revision.pk else None
        waits = revision.state == RevisionState.IN_REVIEW
        may_review = request.user.has_perm(REVIEW)
        # The action would refuse it in any case; without the button, the page can say why.
        is_own = revision.was_written_by(request.user)
        return {
            "title": _("Revision %(number)s") % {"number": revision.number},
            "subtitle": revision.title,
            "state_badge": self.state_badge(revision),
            "against": against,
            "parts": differences(revision, against),
            "decisions": revision.reviews.select_related("clinician"),
            "trend": score_trend(
                Review.objects.filter(revision__article=revision.article_id).select_related("clinician", "revision")
            ),
            **self.schedule_context(request, revision),
            "waits": waits,
            "may_decide": waits and may_review and not is_own,
            "is_own": waits and may_review and is_own,
            "may_restore": request.user.has_perm("education.change_article"),
        }

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview_view), name="education_revision_preview"),
            path("<int:pk>/approve/", view(self.approve_view), name="education_revision_approve"),
            path("<int:pk>/request-changes/", view(self.request_changes_view), name="education_revision_request"),
            path("<int:pk>/restore/", view(self.restore_view), name="education_revision_restore"),
            *super().get_urls(),
        ]

    def preview_view(self, request, pk):
        revision = self._get(request, pk, "education.view_revision")
        return render(
            request,
            "education/article_detail.html",
            article_context(revision.article, revision) | {"preview": True},
        )

    @asks_for(_lazy("Comment (optional)"))
    def approve_view(self, request, pk):
        revision = self._get(request, pk, REVIEW)
        return confirm_action(
            request,
            subject=revision,
            title=_("Approve and publish"),
            explanation=_(
                "Exactly this revision becomes the public page, at once or on the day that you choose. The page will "
                "name you as its reviewer: “Page last reviewed” %(today)s, “Next review due” %(due)s."
            )
            % {
                "today": date_format(timezone.localdate(), "DATE_FORMAT"),
                "due": date_format(due_if_approved(revision), "DATE_FORMAT"),
            },
            extra_forms=[ScheduleForm, PematForm],
            button=_("Approve"),
            act=lambda comment, at, pemat: approve(
                revision, by=request.user, reason=comment, pemat=pemat, publish_at=at
            ),
            success_message=approval_message,
            back=change_page(revision),
        )

    @asks_for(_lazy("What has to change, and why"))
    def request_changes_view(self, request, pk):
        revision = self._get(request, pk, REVIEW)
        return confirm_action(
            request,
            subject=revision,
            title=_("Request changes"),
            explanation=_("The revision goes back to its author with your reason. The public page stays as it is."),
            button=_("Request changes"),
            text_required=True,
            extra_forms=[PematForm],
            act=lambda reason, pemat: request_changes(revision, by=request.user, reason=reason, pemat=pemat),
            success_message=_("The author can read on this page what has to change."),
            back=change_page(revision),
        )

    def restore_view(self, request, pk):
        revision = self._get(request, pk, "education.change_article")
        return confirm_action(
            request,
            subject=revision,
            title=_("Restore into the working copy"),
            explanation=_(
                "The text of this revision replaces the working copy, with its care cards and related articles. "
                "What the working copy holds now is lost, unless it was submitted. The public page does not change."
            ),
            button=_("Restore into the working copy"),
            act=lambda text: restore(revision, by=request.user, seen=request.POST.get("seen")),
            # The working copy that is replaced. Someone may save a newer one while this page is open.
            seen=str(revision.article.version),
            success_message=_("The working copy now holds the text of this revision."),
            back=change_page(revision.article),
        )

    @staticmethod
    def _get(request, pk, permission):
        require_permission(request.user.has_perm(permission))
        return get_object_or_404(Revision.objects.select_related("article__live", "author", "reviewer"), pk=pk)

    @admin.display(description=_lazy("state"), ordering="state")
    def state_badge(self, revision):
        if revision.state == RevisionState.SCHEDULED:
            return badge(revision.state, _("Approved for %(when)s") % {"when": format_local(revision.publish_at)})
        return badge(revision.state, RevisionState(revision.state).label)
