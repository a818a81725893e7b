"""What becomes of a record of the content files, and the digests by which that is decided."""

import hashlib
import json

ADDED, UPDATED, UNCHANGED, KEPT, REFUSED = "added", "updated", "unchanged", "kept as edited", "not published"
RETIRED = "retired"
UNCITED = "left out as uncited"
# Fields that are newer than the digests of some databases: empty, they count as absent.
NEWER_FIELDS = {
    "actions", "recommended_by", "direction", "strength", "certainty_beneath", "search_where", "search_words",
    "search_date", "search_by", "search_read", "search_nearest", "staff_note", "numbers", "is_no_treatment",
}  # fmt: skip


def digest(record) -> str:
    record = {name: value for name, value in record.items() if name not in NEWER_FIELDS or value}
    # Sorted keys, so that the order of fields in a file does not count as a change.
    return hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def outcome_of(existing, current, wanted):
    """What to do with a record. Compares what is stored, what was loaded last (its digest), and what the file says."""
    if existing is None:
        return ADDED
    if digest(current) == digest(wanted):
        return UNCHANGED
    return UPDATED if digest(current) == existing.loaded_digest else KEPT
