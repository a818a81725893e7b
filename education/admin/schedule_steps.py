"""What can be done about a day to come: call a revision back, set a day for a page to go, let it stay after all."""

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from education import publication_rules
from education.actions import call_back, cancel_withdrawal, schedule_withdrawal, withdraw
from education.actions.schedule import as_words
from education.admin.schedule_form import MomentForm
from education.admin.steps import change_page, confirm_action
from education.models import Article, Revision, RevisionState
from gutskin.accounts.permissions import require_permission


def when_published(revision):
    """What the reviewer is told after an approval."""
    if revision.state == RevisionState.SCHEDULED:
        return _("Approved. Readers will see this revision from %(when)s.") % {"when": as_words(revision.publish_at)}
    return _("Approved. Readers see this revision now.")


def why_not_published(revision):
    """Sentences that say why a revision is still waiting though its moment has come; empty while all is well."""
    if revision.state != RevisionState.SCHEDULED or revision.publish_at > timezone.now():
        return []
    return publication_rules.blocking_references(revision) or [
        _("Its moment has come, and it is published within a minute. If not, tell whoever runs this site.")
    ]


class RevisionSchedule:
    """The part of RevisionAdmin that concerns a revision which waits for its day."""

    def schedule_desk(self, request, revision):
        is_scheduled = revision.state == RevisionState.SCHEDULED
        return {
            "may_call_back": is_scheduled and request.user.has_perm("education.review_revision"),
            "late_because": why_not_published(revision),
        }

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/call-back/", view(self.call_back_view), name="education_revision_callback"),
            *super().get_urls(),
        ]

    def call_back_view(self, request, pk):
        require_permission(request.user.has_perm("education.review_revision"))
        revision = get_object_or_404(Revision.objects.select_related("article__live"), pk=pk)
        return confirm_action(
            request,
            subject=revision,
            title=_("Call back"),
            explanation=_(
                "This revision does not go out on its day. It goes back to its author with your reason, and the public "
                "page stays as it is."
            ),
            button=_("Call it back"),
            text_label=_("Why, and what has to change"),
            text_required=True,
            act=lambda reason: call_back(revision, by=request.user, reason=reason),
            done=_("Called back. The author can read on this page what has to change."),
            back=change_page(revision),
        )


class ArticleSchedule:
    """The part of ArticleAdmin that takes pages off the site, now or later."""

    def schedule_desk(self, request, article):
        waiting = article.revisions.scheduled().first()
        may_withdraw = request.user.has_perm("education.withdraw_article")
        return {
            "scheduled": waiting,
            "late_because": why_not_published(waiting) if waiting else [],
            "may_withdraw": article.is_published and may_withdraw,
            "may_keep": article.withdraw_at is not None and may_withdraw,
        }

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/withdraw/", view(self.withdraw_view), name="education_article_withdraw"),
            path("<int:pk>/keep/", view(self.keep_view), name="education_article_keep"),
            *super().get_urls(),
        ]

    def withdraw_view(self, request, pk):
        article = self._withdrawable(request, pk)
        return confirm_action(
            request,
            subject=article,
            title=_("Withdraw from the public site"),
            explanation=_(
                "The page leaves the public site and the search, at once or on the day that you choose. The working "
                "copy and all revisions stay, and a new review can bring the page back."
            ),
            details=[MomentForm],
            button=_("Withdraw the page"),
            text_label=_("Reason"),
            text_required=True,
            act=lambda reason, at: _withdraw(article, at=at, by=request.user, reason=reason),
            done=lambda at: (
                _("The page will leave the site on %(when)s.") % {"when": as_words(at)}
                if at
                else _("The page is no longer public.")
            ),
            back=change_page(article),
            warnings=_comes_back(article),
        )

    def keep_view(self, request, pk):
        article = self._withdrawable(request, pk)
        return confirm_action(
            request,
            subject=article,
            title=_("Let the page stay"),
            explanation=_("The page is not withdrawn on the day that was set. Readers notice nothing."),
            button=_("Let it stay"),
            act=lambda text: cancel_withdrawal(article, by=request.user),
            done=_("The page stays."),
            back=change_page(article),
        )

    @staticmethod
    def _withdrawable(request, pk):
        require_permission(request.user.has_perm("education.withdraw_article"))
        return get_object_or_404(Article, pk=pk)


def _withdraw(article, *, at, by, reason):
    if at is None:
        withdraw(article, by=by, reason=reason)
    else:
        schedule_withdrawal(article, at=at, by=by, reason=reason)
    return at


def _comes_back(article):
    """A revision approved for a later day would bring the page back: said before somebody relies on its end."""
    return [
        _(
            "Revision %(number)s is approved for %(when)s and brings the page back then. Call it back too, if the page "
            "has to stay away."
        )
        % {"number": revision.number, "when": as_words(revision.publish_at)}
        for revision in article.revisions.scheduled()
    ]
