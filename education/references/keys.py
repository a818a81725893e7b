"""Keys of new references: surname and year, such as “zhao2025”, with a letter if that is taken."""

from django.utils.text import slugify

from education.models import Reference
from education.references.names import initials_of_name, surname
from education.references.record import Record

# Leaves room for the year and a letter in Reference.key.
LONGEST = 40
LETTERS = "bcdefghijklmnopqrstuvwxyz"


def free_key(record: Record, used: set[str] | None = None) -> str:
    """A key that is still free: “zhao2025”, “zhao2025b” and so on. Without `used`, the existing keys are looked up.

    Pass all_keys() as `used`, and add to it, when several references are stored at once.
    """
    base = _base(record)
    if used is None:
        used = set(Reference.objects.filter(key__startswith=base).values_list("key", flat=True))
    candidates = [base, *(base + letter for letter in LETTERS), *(f"{base}-{number}" for number in range(27, 1000))]
    return next(key for key in candidates if key not in used)


def all_keys() -> set[str]:
    return set(Reference.objects.values_list("key", flat=True))


def _base(record):
    first = surname(record.authors[0]) if record.authors else record.container_title or record.title
    words = first.split()
    if len(words) >= 4 and not (record.authors and initials_of_name(record.authors[0])):
        # An organisation: its capitals, as in “nice2021”.
        first = "".join(word[0] for word in words if word[0].isupper())
    name = slugify(first).replace("-", "")[:LONGEST] or "reference"
    return f"{name}{record.year or ''}"
