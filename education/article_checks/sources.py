"""Do the citations hold? Records without an address, records that nobody confirmed, and mice taken for people."""

import re

from django.utils.translation import gettext as _

from education.article_checks.finding import Finding
from education.models import Reference, ReferenceStatus

NOT_IN_PEOPLE = re.compile(r"\b(?:animals?|mouse|mice|rats?|laboratory|in vitro)\b", re.IGNORECASE)
IN_PEOPLE_TOO = re.compile(r"\b(?:humans?|people|patients)\b", re.IGNORECASE)
SAYS_SO = re.compile(r"\b(?:mice|mouse|rats?|animals?|laborator(?:y|ies)|test tubes?)\b", re.IGNORECASE)


def findings(blocks):
    """Citations of records that do not exist, or are retracted or rejected, block: publication_rules tells of them."""
    keys = list(dict.fromkeys(key for block in blocks for key in block.keys))
    records = {row.key: row.kept for row in Reference.objects.with_kept().filter(key__in=keys)}
    cited = [(key, records[key]) for key in keys if key in records]
    if nowhere := [key for key, record in cited if not record.link]:
        sentence = _("Readers cannot look these sources up: they have no DOI, PMID, PMCID or address.")
        yield Finding("no-locator", sentence, nowhere)
    if unsaid := [
        block.text for block in blocks if _is_about_animals(block, records) and not SAYS_SO.search(block.text)
    ]:
        sentence = _("A study in animals or in the laboratory is cited. Say “in mice” or “in the laboratory” here.")
        yield Finding("in-mice", sentence, [_("“%(words)s”") % {"words": text} for text in unsaid])
    if corrected := [key for key, record in cited if record.status == ReferenceStatus.CORRECTED]:
        sentence = _("A correction of these sources was published. Does your text still fit?")
        yield Finding("corrected", sentence, corrected)
    unconfirmed = [
        f"{key}: {', '.join(str(label) for label in record.unconfirmed_labels)}"
        for key, record in cited
        if record.unconfirmed_fields and record.is_citable
    ]
    if unconfirmed:
        yield Finding("unconfirmed", _("Nobody has confirmed these parts of the sources yet."), unconfirmed)


def _is_about_animals(block, records):
    kinds = [records[key].study_type for key in block.keys if key in records]
    return any(NOT_IN_PEOPLE.search(kind) and not IN_PEOPLE_TOO.search(kind) for kind in kinds)
