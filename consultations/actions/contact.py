"""How a patient is reached: whether the e-mail address is theirs, and corrections of what they gave.

The receipt asks whoever reads its mailbox. A mistyped address may be somebody else's, who must get no more mail.
"""

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consultations.access import access_for
from consultations.actions.conversation import tell_patient, tell_staff
from consultations.actions.hold_and_erase import require_coordinator
from consultations.actions.staff_actions import lock
from consultations.exceptions import NotPermitted
from consultations.forms.status import CORRECTABLE
from consultations.models import Inquiry, Note, StatusPass
from consultations.request_numbers import email_index, row_seal
from consultations.status.answers import decrypted_or_none
from gutskin import limits
from gutskin.audit.hash_chain import MAILBOX, PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.mail.outbox import queue_mail

Action = AuditEvent.Action
SALT = "consultations.address"
# The kinds of mail that are for the patient alone; not the notice that the address was corrected.
TO_THE_MAILBOX = ["receipt", "reply_notice", "status_link", "merged_notice"]


def address_token(inquiry: Inquiry) -> str:
    """For the receipt: names the request and the address that it was sent to. It opens nothing."""
    return signing.dumps([str(inquiry.public_id), inquiry.email_index], salt=SALT)


def inquiry_of_address(token: str) -> Inquiry | None:
    """The request whose address is asked about; None if the token is not ours, too old, or for an earlier address."""
    try:
        public_id, index = signing.loads(token, salt=SALT, max_age=limits.ADDRESS_ASKED_FOR)
    except signing.BadSignature:
        return None
    return Inquiry.objects.filter(public_id=public_id, email_index=index).only("reference", "email_index").first()


@transaction.atomic
def confirm_address(inquiry: Inquiry) -> None:
    """Records that the request was sent by whoever reads this mailbox. A second time changes nothing."""
    lock(inquiry)
    was_refused = inquiry.email_refused_at is not None
    unconfirmed = Inquiry.objects.filter(pk=inquiry.pk, email_confirmed_at__isnull=True)
    if unconfirmed.update(email_confirmed_at=timezone.now(), email_refused_at=None):
        inquiry.email_refused_at = None
        if was_refused:
            _tell_of_an_unread_reply(inquiry)
        record(Action.ADDRESS_CONFIRMED, by=MAILBOX, reference=inquiry.reference)


@transaction.atomic
def refuse_address(inquiry: Inquiry) -> None:
    """Records that it was not, and stops everything that goes to this mailbox or came from it. Staff are told."""
    lock(inquiry)
    not_refused = Inquiry.objects.filter(pk=inquiry.pk, email_refused_at__isnull=True)
    if not_refused.update(email_refused_at=timezone.now(), email_confirmed_at=None):
        _close_what_the_mailbox_opened(inquiry)
        tell_staff(inquiry, "address_refused")
        record(Action.ADDRESS_REFUSED, by=MAILBOX, reference=inquiry.reference)


@transaction.atomic
def correct_contact_for_patient(inquiry: Inquiry, *, reason: str, by, **contact: str) -> list[str]:
    """What a coordinator corrects when the patient has phoned. Takes and returns the same as `correct_contact`.

    The reason is kept as a note, which is encrypted. Raises NotPermitted.
    """
    require_coordinator(by, inquiry)
    if not access_for(by, inquiry).contact:
        raise NotPermitted
    changed = correct_contact(inquiry, by=by, **contact)
    if changed:
        Inquiry.objects.filter(pk=inquiry.pk).update(is_corrected_by_staff=True)
        Note.objects.create(inquiry=inquiry, author=by, text=reason)
    return changed


@transaction.atomic
def correct_contact(inquiry: Inquiry, *, by=PATIENT, **contact: str) -> list[str]:
    """Stores what was corrected, and returns the names of the fields that changed.

    `contact` has any of the CORRECTABLE fields. A new address gets a receipt, and a notice of a reply that was not read
    yet. The old one is told without saying which it is now, and links to it stop working. An empty address means no
    e-mail: then the old one is forgotten, and not told, because someone else may read that mailbox; nor does it hear of
    requests that are answered together with this one.
    """
    together = [inquiry, *_merged_with(inquiry)] if contact.get("email") == "" else [inquiry]
    # In the order in which a merge locks requests.
    for each in sorted(together, key=lambda each: each.pk):
        lock(each)
    index = inquiry.email_index
    corrected = {inquiry: _correct(inquiry, by, contact)}
    for other in together[1:]:
        if index and other.email_index == index:
            corrected[other] = _correct(other, by, {"email": ""})
    # After all rows: the first event locks the end of the audit log until the transaction ends.
    for each, changed in corrected.items():
        if changed:
            record(Action.CONTACT_CORRECTED, by=by, reference=each.reference, detail=" → ".join(changed))
    return corrected[inquiry]


def _merged_with(inquiry):
    """The reply to this request may be given under one of these, and announced to the same mailbox."""
    first = inquiry.merged_into_id or inquiry.pk
    return Inquiry.objects.filter(Q(pk=first) | Q(merged_into=first)).exclude(pk=inquiry.pk)


def _correct(inquiry, by, contact):
    """Stores and mails; the caller holds the lock, and records the fields that are returned."""
    inquiry.refresh_from_db(fields=["is_corrected_by_staff"])
    stored = Inquiry.objects.only("public_id", *CORRECTABLE).get(pk=inquiry.pk)
    # None for what cannot be decrypted any more: then it is replaced.
    old = {name: decrypted_or_none(stored, name) for name in CORRECTABLE}
    changed = [name for name in CORRECTABLE if name in contact and old[name] != contact[name]]
    if not changed:
        return []
    tells_old_address = old["email"] and not inquiry.email_refused_at
    for name in changed:
        setattr(inquiry, name, contact[name])
    inquiry.is_corrected_by_staff = inquiry.is_corrected_by_staff and by != PATIENT
    fields = [*changed, "is_corrected_by_staff"]
    if "email" in changed:
        inquiry.email_index = email_index(inquiry.email)
        inquiry.seal = row_seal(inquiry)
        inquiry.email_confirmed_at = inquiry.email_refused_at = None
        fields += ["email_index", "seal", "email_confirmed_at", "email_refused_at"]
    inquiry.save(update_fields=fields)
    if "email" in changed:
        _close_what_the_mailbox_opened(inquiry)
        queue_mail("receipt", about=inquiry, to=inquiry.email, language=inquiry.language)
        _tell_of_an_unread_reply(inquiry)
        if tells_old_address:
            queue_mail("address_changed", about=inquiry, to=old["email"], language=inquiry.language)
    return changed


def _tell_of_an_unread_reply(inquiry):
    """The mail about it went nowhere, or to another address."""
    if inquiry.messages.filter(is_from_patient=False, read_at__isnull=True).exists():
        tell_patient(inquiry, "reply_notice")


def _close_what_the_mailbox_opened(inquiry):
    """Cancels waiting mail, and ends links and the visits that they opened. A visit by code goes on.

    Without an address, mail that was sent is deleted as well: its row holds the address.
    """
    if not inquiry.takes_mail:
        for mail in inquiry.notifications.all():
            if mail.is_to_the_patient:
                mail.delete()
    inquiry.notifications.undelivered().filter(kind__in=TO_THE_MAILBOX).delete()
    passes = StatusPass.objects.valid().filter(inquiry=inquiry)
    passes.exclude(opened_with=StatusPass.OpenedWith.CODE).update(used_at=timezone.now())
