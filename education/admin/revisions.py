from django.contrib import admin
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.actions import approve, request_changes, restore
from education.actions.reviews import due_if_approved
from education.actions.schedule import as_words
from education.admin.badges import chip
from education.admin.pemat_form import PematForm
from education.admin.revision_filters import DeskFilter
from education.admin.schedule_form import MomentForm
from education.admin.schedule_steps import RevisionSchedule, when_published
from education.admin.steps import change_page, confirm_action
from education.article_page import article_context
from education.differences import differences
from education.models import Review, Revision, RevisionState
from gutskin.accounts.permissions import require_permission
from gutskin.admin_site import ReadOnlyAdminMixin
from gutskin.plots import score_trend

REVIEW = "education.review_revision"


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdminMixin, RevisionSchedule, admin.ModelAdmin):
    """A revision is read here against the live page, and decided on. Nobody edits it."""

    change_form_template = "admin/education/revision/change_form.html"
    fields = []
    list_display = [
        "title",
        "number",
        "state_chip",
        "author",
        "created_at",
        "reading_grade",
        "word_count",
        "reviewer",
        "next_review_due",
    ]
    list_filter = [DeskFilter, "state", "article__kind", "author", "reviewer"]
    list_select_related = ["author", "reviewer"]
    search_fields = ["title", "summary", "note"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        revision = self.get_object(request, object_id)
        if revision is not None:
            extra_context = (extra_context or {}) | self._reading_desk(request, revision)
        return super().change_view(request, object_id, form_url, extra_context)

    def _reading_desk(self, request, revision):
        live = revision.article.live
        against = live if live and live.pk != revision.pk else None
        waits = revision.state == RevisionState.IN_REVIEW
        may_review = request.user.has_perm(REVIEW)
        is_own = revision.was_written_by(request.user)
        return {
            "title": _("Revision %(number)s") % {"number": revision.number},
            "subtitle": revision.title,
            "state_chip": self.state_chip(revision),
            "against": against,
            "parts": differences(revision, against),
            "decisions": revision.reviews.select_related("clinician"),
            "trend": score_trend(
                Review.objects.filter(revision__article=revision.article_id).select_related("clinician", "revision")
            ),
            **self.schedule_desk(request, revision),
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
            details=[MomentForm, PematForm],
            button=_("Approve"),
            text_label=_("Comment (optional)"),
            act=lambda comment, at, pemat: approve(
                revision, by=request.user, reason=comment, pemat=pemat, publish_at=at
            ),
            done=when_published,
            back=change_page(revision),
        )

    def request_changes_view(self, request, pk):
        revision = self._get(request, pk, REVIEW)
        return confirm_action(
            request,
            subject=revision,
            title=_("Request changes"),
            explanation=_("The revision goes back to its author with your reason. The public page stays as it is."),
            button=_("Request changes"),
            text_label=_("What has to change, and why"),
            text_required=True,
            details=[PematForm],
            act=lambda reason, pemat: request_changes(revision, by=request.user, reason=reason, pemat=pemat),
            done=_("The author can read on this page what has to change."),
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
                "What the working copy holds now is lost unless it was submitted. The public page does not change."
            ),
            button=_("Restore into the working copy"),
            act=lambda text: restore(revision, by=request.user),
            done=_("The working copy holds the text of this revision now."),
            back=change_page(revision.article),
        )

    @staticmethod
    def _get(request, pk, permission):
        require_permission(request.user.has_perm(permission))
        return get_object_or_404(Revision.objects.select_related("article__live", "author", "reviewer"), pk=pk)

    @admin.display(description=_lazy("state"), ordering="state")
    def state_chip(self, revision):
        if revision.state == RevisionState.SCHEDULED:
            return chip(revision.state, _("Approved for %(when)s") % {"when": as_words(revision.publish_at)})
        return chip(revision.state, revision.get_state_display())
