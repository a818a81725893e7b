"""What this app adds to the audit log: the words for its codes, and a check of its rows against the log."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _lazy

from consultations.actions.merging import OTHER_ADDRESS
from consultations.forms.status import CORRECTABLE
from consultations.models import Inquiry, Outcome, Status, StatusPass, StoryAccess, Urgency
from gutskin.audit.details import add_exports, add_words
from gutskin.audit.hash_chain import also_checked
from gutskin.audit.models import AuditEvent

# Names of fields that were corrected.
add_words({name: Inquiry._meta.get_field(name).verbose_name for name in CORRECTABLE})
for _choices in (Status, Urgency, Outcome, StoryAccess.Reason, StatusPass.OpenedWith):
    add_words(dict(_choices.choices))
add_words({OTHER_ADDRESS: _lazy("from another e-mail address")})
add_words({"reasons": _lazy("reasons to read a story"), "explanation": _lazy("an explanation in full")})
add_exports(
    {
        "requests": _lazy("the list of requests"),
        "backlog": _lazy("requests waiting, by age"),
        "in-time": _lazy("replies in time"),
        "replies": _lazy("time to the first reply, by month"),
        "urgency": _lazy("time to the first reply, by urgency"),
        "weeks": _lazy("requests by week"),
        "topics": _lazy("requests by topic"),
        "outcomes": _lazy("outcomes"),
        "left-aside": _lazy("withdrawn requests and spam"),
        "mails": _lazy("mails"),
    }
)


def altered_requests() -> Iterator[str]:
    """Yields a sentence for each request that was moved by hand, or about which the log is silent."""
    sent = AuditEvent.objects.filter(action=AuditEvent.Action.SUBMITTED, reference=OuterRef("reference"))
    rows = Inquiry.objects.annotate(in_log=Exists(sent)).order_by("pk")
    for inquiry in rows.only("public_id", "reference", "receipt_digest", "email_index", "seal").iterator():
        if not inquiry.is_sealed:
            yield f"Request {inquiry.reference}: its reference, receipt code or address was changed by hand."
        if not inquiry.in_log:
            yield f"Request {inquiry.reference} is not in the log: events were deleted, or it was added by hand."


also_checked.append(altered_requests)
