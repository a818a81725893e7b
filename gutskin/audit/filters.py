"""The filter of the audit log: by person, kind, request and days, read from the query string."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.audit.models import AuditEvent

Action = AuditEvent.Action
# Someone had data of a request on the screen, or saved it in a file.
VIEWS = [
    Action.VIEWED,
    Action.STORY_READ,
    Action.PHOTO_VIEWED,
    Action.ACCESS_OPENED,
    Action.GLASS_BROKEN,
    Action.STATUS_PAGE_OPENED,
    Action.DOWNLOADED,
]
# The value in the query string.
VIEWED = "looked"
PAGE = 50


class AuditFilterForm(forms.Form):
    actor = forms.CharField(
        label=_lazy("Who"), max_length=150, required=False, help_text=_lazy("The user name, in full.")
    )
    action = forms.ChoiceField(
        label=_lazy("What"),
        required=False,
        choices=[("", _lazy("Everything")), (VIEWED, _lazy("Every view of a request")), *Action.choices],
    )
    reference = forms.CharField(
        label=_lazy("Request"), max_length=12, required=False, help_text=_lazy("In full, for example GS-7K2M-9QXA.")
    )
    since = forms.DateField(
        label=_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_lazy("To, that day included"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_reference(self):
        return self.cleaned_data["reference"].strip().upper()

    def clean_actor(self):
        return self.cleaned_data["actor"].strip()

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _lazy("This day is before the first one."))
        for name in ("since", "until"):
            # Outside these, midnight does not exist as a datetime in every time zone.
            if (day := cleaned.get(name)) and not date(2000, 1, 1) <= day <= date(9000, 1, 1):
                self.add_error(name, _lazy("Choose a day from the year 2000 on."))
        return cleaned


@dataclass(frozen=True)
class AuditFilter:
    actor: str = ""
    action: str = ""
    reference: str = ""
    since: date | None = None
    until: date | None = None

    def events(self):
        """The newest first."""
        events = AuditEvent.objects.all()
        if self.actor:
            events = events.filter(actor=self.actor)
        if self.action:
            events = events.filter(action__in=VIEWS) if self.action == VIEWED else events.filter(action=self.action)
        if self.reference:
            events = events.filter(reference=self.reference)
        return self._of_days(events)

    def address(self, **changes) -> str:
        """The query string of this filter with `changes`; empty for everything."""
        other = replace(self, **changes)
        chosen = {name: value for name, value in vars(other).items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    @property
    def criteria(self) -> str:
        """For the log: what was filtered by, never what was typed."""
        chosen = {"who": self.actor, "what": self.action, "request": self.reference, "day": self.since or self.until}
        return " ".join(name for name, value in chosen.items() if value)

    def _of_days(self, events):
        """Numbers increase with time: two look-ups by time give the range of numbers, without sorting."""
        everything = AuditEvent.objects.order_by("at")
        if self.since:
            first = everything.filter(at__gte=_begin(self.since)).values_list("sequence", flat=True).first()
            events = events.filter(sequence__gte=first) if first else events.none()
        if self.until:
            end = _begin(self.until + timedelta(days=1))
            after = everything.filter(at__gte=end).values_list("sequence", flat=True).first()
            events = events.filter(sequence__lt=after) if after else events
        return events


def _begin(day):
    return timezone.make_aware(datetime.combine(day, time()))
