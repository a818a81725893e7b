"""How sensitive each stored field is, in this app and in `audit` and `mail`, which hold traces of requests.

A test fails for a field without an entry and for an entry without a field.

encrypted: what a patient or a colleague wrote, and how to reach a patient.
personal: stored in plain text and says something about one person; erased with the request. There are two exceptions:
AuditEvent.actor, which the log keeps for good, and RateLimit.key, a keyed digest that is deleted after a day.
operational: needed for the work; says nothing about a person by itself.
"""

ENCRYPTED, PERSONAL, OPERATIONAL = "encrypted", "personal", "operational"

FIELDS = {
    "Inquiry": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "reference": OPERATIONAL,
        "idempotency_key": OPERATIONAL,
        # The topic is a condition, such as psoriasis: health data of the patient.
        "condition": PERSONAL,
        "language": OPERATIONAL,
        "urgency": OPERATIONAL,
        "status": OPERATIONAL,
        "assignee": OPERATIONAL,
        "received_at": OPERATIONAL,
        "waiting_since": OPERATIONAL,
        "due_at": OPERATIONAL,
        "first_due_at": OPERATIONAL,
        "answered_at": OPERATIONAL,
        "closed_at": OPERATIONAL,
        # Made from 80 random bits, so it says nothing about the patient.
        "receipt_digest": OPERATIONAL,
        "sender_digest": OPERATIONAL,
        # A keyed digest of the address: it reveals which requests are from the same person.
        "email_index": PERSONAL,
        # “Referred” or “appointment arranged” says something about the patient's health.
        "outcome": PERSONAL,
        "merged_into": OPERATIONAL,
        "held_at": OPERATIONAL,
        "name": ENCRYPTED,
        "email": ENCRYPTED,
        "phone": ENCRYPTED,
        "preferred_contact": ENCRYPTED,
        "for_whom": ENCRYPTED,
        "relationship": ENCRYPTED,
        "age_group": ENCRYPTED,
        "skin_problem": ENCRYPTED,
        "duration": ENCRYPTED,
        "gut_symptoms": ENCRYPTED,
        "gut_details": ENCRYPTED,
        "tried": ENCRYPTED,
        "question": ENCRYPTED,
    },
    "Consent": {
        "id": OPERATIONAL,
        "inquiry": OPERATIONAL,
        "purpose": OPERATIONAL,
        "version": OPERATIONAL,
        # The text of the consent, the same for every patient who agreed to this version.
        "wording": OPERATIONAL,
        "language": OPERATIONAL,
        "given_at": OPERATIONAL,
        "withdrawn_at": OPERATIONAL,
    },
    "Note": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "inquiry": OPERATIONAL,
        "author": OPERATIONAL,
        "text": ENCRYPTED,
        "written_at": OPERATIONAL,
    },
    "Notification": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "kind": OPERATIONAL,
        "about_type": OPERATIONAL,
        "about_id": OPERATIONAL,
        # A patient's address, or a colleague's.
        "recipient": ENCRYPTED,
        "language": OPERATIONAL,
        "message_id": OPERATIONAL,
        "created_at": OPERATIONAL,
        "attempts": OPERATIONAL,
        "lease_until": OPERATIONAL,
        "next_try_at": OPERATIONAL,
        "delivered_at": OPERATIONAL,
        "refused_at": OPERATIONAL,
        # The class of the exception only: the text of an SMTP error often quotes the address.
        "last_error": OPERATIONAL,
    },
    "AuditEvent": {
        "id": OPERATIONAL,
        "sequence": OPERATIONAL,
        "at": OPERATIONAL,
        "actor": PERSONAL,
        "action": OPERATIONAL,
        "reference": OPERATIONAL,
        "detail": OPERATIONAL,
        "detail_digest": OPERATIONAL,
        "digest": OPERATIONAL,
    },
    "AuditHead": {"id": OPERATIONAL, "sequence": OPERATIONAL, "digest": OPERATIONAL},
    "Message": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "inquiry": OPERATIONAL,
        "idempotency_key": OPERATIONAL,
        "is_from_patient": OPERATIONAL,
        "author": OPERATIONAL,
        "text": ENCRYPTED,
        "written_at": OPERATIONAL,
        "read_at": OPERATIONAL,
    },
    "Attachment": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "inquiry": OPERATIONAL,
        "draft_key": OPERATIONAL,
        "content": ENCRYPTED,
        "media_type": OPERATIONAL,
        "width": OPERATIONAL,
        "height": OPERATIONAL,
        "size": OPERATIONAL,
        # Keyed, but anyone with the key can check whether a given photo was sent.
        "upload_digest": PERSONAL,
        "added_at": OPERATIONAL,
    },
    "RedFlagResult": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "inquiry": OPERATIONAL,
        # Which warning signs were found is health data.
        "rules": ENCRYPTED,
        "version": OPERATIONAL,
        "acknowledged_at": OPERATIONAL,
    },
    "LinkRequest": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "email": ENCRYPTED,
        "reference": ENCRYPTED,
        "asked_at": OPERATIONAL,
    },
    "StatusPass": {
        "id": OPERATIONAL,
        "inquiry": OPERATIONAL,
        "purpose": OPERATIONAL,
        "digest": OPERATIONAL,
        "created_at": OPERATIONAL,
        "ends_at": OPERATIONAL,
        "used_at": OPERATIONAL,
    },
    "StoryAccess": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "inquiry": OPERATIONAL,
        "user": OPERATIONAL,
        "reason": OPERATIONAL,
        "explanation": ENCRYPTED,
        "given_at": OPERATIONAL,
        "ends_at": OPERATIONAL,
    },
    "Team": {
        "id": OPERATIONAL,
        "name": OPERATIONAL,
        "members": OPERATIONAL,
        "topics": OPERATIONAL,
        "takes_everything": OPERATIONAL,
    },
    "CannedReply": {
        "id": OPERATIONAL,
        "title": OPERATIONAL,
        "language": OPERATIONAL,
        "text": OPERATIONAL,
        "is_active": OPERATIONAL,
    },
    "Presence": {"id": OPERATIONAL, "inquiry": OPERATIONAL, "user": OPERATIONAL, "seen_at": OPERATIONAL},
    "QueuePreference": {"id": OPERATIONAL, "user": OPERATIONAL, "ordering": OPERATIONAL},
    "PurgeCertificate": {
        "id": OPERATIONAL,
        "at": OPERATIONAL,
        "cause": OPERATIONAL,
        "counts": OPERATIONAL,
        "references": OPERATIONAL,
    },
    "RateLimit": {
        "id": OPERATIONAL,
        "key": PERSONAL,
        "window_start": OPERATIONAL,
        "count": OPERATIONAL,
    },
}
