"""Publishing and withdrawing on a chosen day: the form that asks for it, and the pages that use it."""

from datetime import UTC, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education import publication_rules
from education.actions import call_back, cancel_withdrawal, schedule_withdrawal, withdraw
from education.actions.schedule import format_local
from education.admin.confirmation import asks_for, change_page, confirm_action
from education.models import Article, Revision, RevisionState
from gutskin.accounts.permissions import require_permission

# Only against typing errors such as 2206. The actions set the limits that matter.
FURTHEST = timedelta(days=5 * 365)
MORNING = time(9, 0)


class ScheduleForm(forms.Form):
    """At once, or at a time to come. Its cleaned data is `at` alone: an aware datetime, or None for at once."""

    when = forms.ChoiceField(
        label=_lazy("When"),
        choices=[("now", _lazy("At once")), ("later", _lazy("On the day below"))],
        widget=forms.RadioSelect,
        initial="now",
        required=False,
    )
    day = forms.DateField(
        label=_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["time"].help_text = _("In the time zone %(zone)s. If you leave it empty, 09:00.") % {"zone": zone}

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and not timedelta(0) <= day - timezone.localdate() <= FURTHEST:
            raise ValidationError(_lazy("Choose today or a later day, within the next five years."))
        return day

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        # A day without a choice is clear enough, and so is an empty form.
        when = data["when"] or ("later" if data["day"] else "now")
        # A guess could publish too early, which cannot be taken back: readers may have seen the page.
        if when == "now" and (data["day"] or data["time"]):
            raise ValidationError(
                _lazy("You chose “At once” and also entered a day or a time. Choose one: nothing has happened yet.")
            )
        if when == "later" and data["day"] is None:
            self.add_error("day", _lazy("Choose a day."))
            return data
        return {"at": None if when == "now" else site_datetime(data["day"], data["time"] or MORNING)}


def site_datetime(day, at):
    """The UTC datetime of a day and a time in the site's time zone; the first of two when the clocks go back.

    ValidationError for a time that does not exist because the clocks go forward: make_aware() would shift it silently.
    """
    wanted = datetime.combine(day, at)
    found = timezone.make_aware(wanted).astimezone(UTC)
    if timezone.localtime(found).replace(tzinfo=None) != wanted:
        raise ValidationError({"time": _lazy("The clocks go forward that night and skip this time. Choose another.")})
    return found


def approval_message(revision):
    """What the reviewer reads after approving."""
    if revision.state == RevisionState.SCHEDULED:
        return _("Approved. Readers will see this revision from %(when)s.") % {
            "when": format_local(revision.publish_at)
        }
    return _("Approved. Readers see this revision now.")


def reasons_for_delay(revision):
    """Why a revision is still waiting although its time has come, as sentences; empty while it is not late."""
    if revision.state != RevisionState.SCHEDULED or revision.publish_at > timezone.now():
        return []
    # The scheduler looks every half minute (run_scheduler).
    return publication_rules.revision_problems(revision) or [
        _("Its time has come, and it will be published within a minute. If not, tell the people who run this site.")
    ]


class RevisionSchedule:
    """The part of RevisionAdmin for an approved revision that waits for its day."""

    def schedule_context(self, request, revision):
        is_scheduled = revision.state == RevisionState.SCHEDULED
        return {
            "may_call_back": is_scheduled and request.user.has_perm("education.review_revision"),
            "reasons_for_delay": reasons_for_delay(revision),
        }

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/call-back/", view(self.call_back_view), name="education_revision_callback"),
            *super().get_urls(),
        ]

    @asks_for(_lazy("Why, and what has to change"))
    def call_back_view(self, request, pk):
        require_permission(request.user.has_perm("education.review_revision"))
        revision = get_object_or_404(Revision.objects.select_related("article__live"), pk=pk)
        return confirm_action(
            request,
            subject=revision,
            title=_("Call back"),
            explanation=_(
                "This revision will not be published on its day. It goes back to its author with your reason, and the "
                "public page stays as it is."
            ),
            button=_("Call it back"),
            text_required=True,
            act=lambda reason: call_back(revision, by=request.user, reason=reason),
            success_message=_("Called back. The author can read on this page what has to change."),
            back=change_page(revision),
        )


class ArticleSchedule:
    """The part of ArticleAdmin that withdraws a page, at once or on a chosen day, and shows what is scheduled."""

    def schedule_context(self, request, article):
        scheduled = article.revisions.scheduled().first()
        may_withdraw = request.user.has_perm("education.withdraw_article")
        return {
            "scheduled": scheduled,
            "reasons_for_delay": reasons_for_delay(scheduled) if scheduled else [],
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

    @asks_for(_lazy("Reason"))
    def withdraw_view(self, request, pk):
        article = self._article_to_withdraw(request, pk)
        return confirm_action(
            request,
            subject=article,
            title=_("Withdraw from the public site"),
            explanation=_(
                "The page leaves the public site and the search, at once or on the day that you choose. The working "
                "copy and all revisions stay, and a new review can bring the page back."
            ),
            extra_forms=[ScheduleForm],
            button=_("Withdraw the page"),
            text_required=True,
            act=lambda reason, at: _withdraw(
                article, at=at, by=request.user, reason=reason, seen=request.POST.get("seen")
            ),
            # The page as it is now. Someone may publish a newer revision while this page is open.
            seen=str(article.live_id),
            success_message=lambda at: (
                _("The page will leave the site on %(when)s.") % {"when": format_local(at)}
                if at
                else _("The page is no longer public.")
            ),
            back=change_page(article),
            warnings=_scheduled_returns(article),
        )

    def keep_view(self, request, pk):
        article = self._article_to_withdraw(request, pk)
        return confirm_action(
            request,
            subject=article,
            title=_("Let the page stay"),
            explanation=_("The page will not be withdrawn on the day that was set. Nothing changes for readers."),
            button=_("Let it stay"),
            act=lambda text: cancel_withdrawal(article, by=request.user),
            success_message=_("The page stays."),
            back=change_page(article),
        )

    @staticmethod
    def _article_to_withdraw(request, pk):
        require_permission(request.user.has_perm("education.withdraw_article"))
        return get_object_or_404(Article, pk=pk)


def _withdraw(article, *, at, by, reason, seen):
    if at is None:
        withdraw(article, by=by, reason=reason, seen=seen)
    else:
        schedule_withdrawal(article, at=at, by=by, reason=reason)
    return at


def _scheduled_returns(article):
    """Warnings of approved revisions that would bring the page back after it was withdrawn."""
    return [
        _(
            "Revision %(number)s is approved for %(when)s and will bring the page back then. Call it back as well if "
            "the page must stay away."
        )
        % {"number": revision.number, "when": format_local(revision.publish_at)}
        for revision in article.revisions.scheduled()
    ]
