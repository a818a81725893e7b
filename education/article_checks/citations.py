"""Are the citations sound? References without an address, unconfirmed ones, studies in animals not named as such."""

import re

from django.utils.translation import gettext as _

from education.article_checks.finding import Finding
from education.models import Reference, ReferenceStatus

NOT_IN_PEOPLE = re.compile(r"\b(?:animals?|mouse|mice|rats?|laboratory|in vitro)\b", re.IGNORECASE)
IN_PEOPLE_TOO = re.compile(r"\b(?:humans?|people|patients)\b", re.IGNORECASE)
MENTIONS_ANIMALS = re.compile(r"\b(?:mice|mouse|rats?|animals?|laborator(?:y|ies)|test tubes?)\b", re.IGNORECASE)


def findings(blocks):
    """Findings about the cited references. Missing, retracted or rejected ones block: see publication_rules."""
    keys = list(dict.fromkeys(key for block in blocks for key in block.keys))
    records = {row.key: row.canonical for row in Reference.objects.with_canonical().filter(key__in=keys)}
    cited = [(key, records[key]) for key in keys if key in records]
    if unlinked := [key for key, record in cited if not record.link]:
        sentence = _("Readers cannot look these sources up: they have no DOI, PMID, PMCID or address.")
        yield Finding("no-locator", sentence, unlinked)
    if unmarked := [
        block.text for block in blocks if _is_about_animals(block, records) and not MENTIONS_ANIMALS.search(block.text)
    ]:
        sentence = _("A study in animals or in the laboratory is cited. Say “in mice” or “in the laboratory” here.")
        yield Finding("in-mice", sentence, [_("“%(words)s”") % {"words": text} for text in unmarked])
    if corrected := [key for key, record in cited if record.status == ReferenceStatus.CORRECTED]:
        sentence = _("A correction of these sources was published. Is your text still right?")
        yield Finding("corrected", sentence, corrected)
    unconfirmed = [
        f"{key}: {', '.join(str(label) for label in record.unconfirmed_labels)}"
        for key, record in cited
        if record.unconfirmed_fields and record.is_citable
    ]
    if unconfirmed:
        yield Finding("unconfirmed", _("No one has confirmed these details of the sources yet."), unconfirmed)


def _is_about_animals(block, records):
    # The kind of study is free text, as the staff wrote it.
    kinds = [records[key].study_type for key in block.keys if key in records]
    return any(NOT_IN_PEOPLE.search(kind) and not IN_PEOPLE_TOO.search(kind) for kind in kinds)
