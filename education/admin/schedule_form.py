"""A day and a time at which something is to happen, in the time zone of the site."""

from datetime import UTC, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

FURTHEST = timedelta(days=5 * 365)
MORNING = time(9, 0)


class MomentForm(forms.Form):
    """At once, or at a moment to come. Its cleaned data is `at` alone: an aware moment, or None for at once."""

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
        self.fields["time"].help_text = _("In the time zone %(zone)s. Left empty, it is 09:00.") % {"zone": zone}

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and not timedelta(0) <= day - timezone.localdate() <= FURTHEST:
            raise ValidationError(_lazy("Choose a day to come, within the next five years."))
        return day

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        when = data["when"] or ("later" if data["day"] else "now")
        if when == "now" and (data["day"] or data["time"]):
            raise ValidationError(
                _lazy(
                    "You chose “At once” and also wrote a day or a time. Choose one of them: nothing has happened yet."
                )
            )
        if when == "later" and data["day"] is None:
            self.add_error("day", _lazy("Say on which day."))
            return data
        return {"at": None if when == "now" else moment(data["day"], data["time"] or MORNING)}


def moment(day, at):
    """The moment, in UTC, of a day and a time on the clocks of the site; of a time that comes twice, the first.

    ValidationError for a time that the clocks leave out when they go forward.
    """
    wanted = datetime.combine(day, at)
    found = timezone.make_aware(wanted).astimezone(UTC)
    if timezone.localtime(found).replace(tzinfo=None) != wanted:
        raise ValidationError(
            {"time": _lazy("The clocks go forward that night and leave this time out. Choose another.")}
        )
    return found
