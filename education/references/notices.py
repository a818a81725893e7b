"""What a title says about its paper: that it was retracted, or that it is a notice and not the paper itself."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

KIND_OF_TEXT = r"(?:\s+(?:article|paper|chapter|publication|study|review))?"
# “RETRACTED: …”, “[Retracted] …”, “WITHDRAWN ARTICLE: …”, “RETRACTED A trial”; not “Retracted eyelids and the skin”.
RETRACTED = re.compile(
    rf"\W*(?:retracted|withdrawn|(?:temporary\s+)?remov(?:ed|al)){KIND_OF_TEXT}\s*[:\])\u2013\u2014]"
    rf"|\W*(?-i:RETRACTED|WITHDRAWN)(?-i:(?:\s+(?:ARTICLE|PAPER|CHAPTER))?)\s+(?-i:[A-Z]?[^A-Z\s])"
    r"|.*[\[(]\s*(?:retracted|withdrawn)\b[^\[\]()]*[\])]\W*$",
    re.IGNORECASE | re.DOTALL,
)
# “Retraction notice to …”, “Retraction: …”; not “Retraction of the foreskin”.
OF_WHICH = r"\s*(?:(?:notice|note|statement)\b|(?:to|for)\b|[:.\u2013\u2014]|of\s*(?=[\"'\u201c\u2018\u00ab\[]))"
RETRACTION = re.compile(
    rf"\W*(?:(?:partial\s+)?retraction{OF_WHICH}|notice\s+of\s+(?:\w+\s+)?(?:retraction|withdrawal)"
    rf"|(?:withdrawal|removal)\s*(?:notice|note|statement|:))",
    re.IGNORECASE,
)
CONCERN = re.compile(r"\W*(?:editorial\s+)?expression\s+of\s+concern\b", re.IGNORECASE)
# “Addendum: …”, “Addendum to …”; not “Addendum guidelines for …”, which are a paper.
CORRECTION = re.compile(
    r"\W*(?:corrigend(?:um|a)|errat(?:um|a)|(?:author|publisher)(?:['\u2019]s)?\s+correction)\b"
    rf"|\W*addendum(?:{OF_WHICH}|\s*$)"
    r"|\W*correction\s*(?:notice\b|:|(?:to|for)\s*[:\"'\u201c\u2018\u00ab\[])",
    re.IGNORECASE,
)
SENTENCES = {
    "retracted": _lazy("Its title says that the paper was retracted, withdrawn or removed."),
    "retraction": _lazy("Its title says that this is the notice of a retraction, not the paper."),
    "concern": _lazy("Its title says that this is an expression of concern, not the paper."),
    "correction": _lazy("Its title says that this is the notice of a correction, not the paper."),
}


@dataclass
class Notice:
    """A notice about a paper: `kind` is retraction, correction or concern; `where` is a DOI or a description."""

    kind: str
    where: str = ""


def kind_of_title(title: str) -> str:
    """“retracted” for a retracted paper; “retraction”, “concern” or “correction” for a notice of one; else ""."""
    for kind, pattern in (("retraction", RETRACTION), ("concern", CONCERN), ("correction", CORRECTION)):
        if pattern.match(title):
            return kind
    return "retracted" if RETRACTED.match(title) else ""
