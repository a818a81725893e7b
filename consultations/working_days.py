from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

SATURDAY = 5


def add_working_days(day: date, count: int) -> date:
    """Monday to Friday; public holidays differ from clinic to clinic and are not known here."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day


def reply_due(received_at: datetime) -> datetime:
    """The end of the day that the patient is told, so that nothing counts as late while that day lasts."""
    day = add_working_days(timezone.localdate(received_at), settings.REPLY_WITHIN_WORKING_DAYS)
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
