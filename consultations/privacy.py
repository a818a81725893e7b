"""What each field of every model here is. A field without an entry fails a test, and so does an entry without a field.

encrypted: what a patient or a colleague wrote, and how to reach a patient.
personal: plain, and says something about one person; erased with the request.
operational: what the work needs; says nothing about anybody by itself.
"""

ENCRYPTED, PERSONAL, OPERATIONAL = "encrypted", "personal", "operational"

FIELDS = {
    "Inquiry": {
        "id": OPERATIONAL,
        "public_id": OPERATIONAL,
        "reference": OPERATIONAL,
        "idempotency_key": OPERATIONAL,
        "condition": PERSONAL,
        "language": OPERATIONAL,
        "urgency": OPERATIONAL,
        "status": OPERATIONAL,
        "assignee": OPERATIONAL,
        "received_at": OPERATIONAL,
        "due_at": OPERATIONAL,
        "answered_at": OPERATIONAL,
        "closed_at": OPERATIONAL,
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
        "inquiry": OPERATIONAL,
        "recipient": ENCRYPTED,
        "language": OPERATIONAL,
        "message_id": OPERATIONAL,
        "created_at": OPERATIONAL,
        "attempts": OPERATIONAL,
        "lease_until": OPERATIONAL,
        "next_try_at": OPERATIONAL,
        "delivered_at": OPERATIONAL,
        "refused_at": OPERATIONAL,
        "last_error": OPERATIONAL,
    },
    "AuditEvent": {
        "id": OPERATIONAL,
        "at": OPERATIONAL,
        "actor": PERSONAL,
        "action": OPERATIONAL,
        "reference": OPERATIONAL,
        "detail": OPERATIONAL,
    },
    "RateLimit": {
        "id": OPERATIONAL,
        "key": PERSONAL,
        "window_start": OPERATIONAL,
        "count": OPERATIONAL,
    },
}
