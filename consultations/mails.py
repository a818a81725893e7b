"""The mails about a request, and the other jobs that the mail worker runs for this app.

E-mail is not private: a mail names the request and says that there is something to read, never what anyone wrote.
"""

from dataclasses import replace
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _lazy

from consultations.actions import address_token, answer_link_requests
from consultations.models import StatusPass
from consultations.retention import purge
from gutskin.mail import jobs
from gutskin.mail.kinds import MailKind, register

LABELS = {
    "receipt": _lazy("Receipt to the patient"),
    "intake_notice": _lazy("Notice to the intake team"),
    "reply_notice": _lazy("Notice of a reply to the patient"),
    "status_link": _lazy("Link to the status page"),
    "merged_notice": _lazy("Notice of two requests that are answered together"),
    "patient_notice": _lazy("Notice of a patient's message to the staff"),
    "address_refused": _lazy("Notice of a wrong address to the staff"),
    "access_notice": _lazy("Notice of emergency access to the privacy lead"),
    "address_changed": _lazy("Notice of a corrected address to the old one"),
}


def _about(inquiry):
    return {"inquiry": inquiry}


def _to_the_patient(inquiry):
    """None, and so no mail, where whoever reads the mailbox said that the request is not theirs."""
    return None if inquiry.email_refused_at else {"inquiry": inquiry}


def _to_staff_about_the_address(inquiry):
    """None if whoever pressed the wrong button has pressed the other one since, or the address is corrected."""
    return {"inquiry": inquiry} if inquiry.email_refused_at else None


def _about_a_merge(inquiry):
    """None if the patient has reopened the one that was closed, which ends the merge."""
    is_merged = inquiry.merged_into_id or inquiry.merged.exists()
    return _to_the_patient(inquiry) if is_merged else None


def _receipt(inquiry):
    return (context := _to_the_patient(inquiry)) and context | {"query": urlencode({"key": address_token(inquiry)})}


def _with_link(inquiry):
    if inquiry.email_refused_at:
        return None
    # Issued when the mail is sent, not when it was requested: its 15 minutes start then, and no table holds the secret.
    token = StatusPass.objects.issue(inquiry, StatusPass.Purpose.LINK)
    return {"inquiry": inquiry, "query": urlencode({"key": token})}


# What each says; the others only name the request.
TO_THE_MAILBOX = {
    "receipt": _receipt,
    "reply_notice": _to_the_patient,
    "status_link": _with_link,
    "merged_notice": _about_a_merge,
}
CONTEXTS = TO_THE_MAILBOX | {"address_refused": _to_staff_about_the_address}
TO_THE_PATIENT = [*TO_THE_MAILBOX, "address_changed"]


def _is_wanted(inquiry):
    """The one rule for every mail to a patient, those to an address that they gave before included."""
    return inquiry.takes_mail


def _purge():
    """Keeps the promise of RETENTION_DAYS without a cron job."""
    result = purge()
    for name, count in sorted(result.counts.items()):
        yield f"Purged: {count} × {name}."
    if result.failed:
        yield f"Not purged, will be tried again in an hour: {', '.join(result.failed)}."


for _name, _label in LABELS.items():
    _kind = MailKind(
        _name,
        _label,
        templates=f"consultations/mail/{_name}",
        context=CONTEXTS.get(_name, _about),
    )
    if _name in TO_THE_PATIENT:
        _kind = replace(_kind, is_to_the_patient=True, is_wanted=_is_wanted)
    register(_kind)
jobs.before_sending.append(answer_link_requests)
jobs.hourly.append(_purge)
