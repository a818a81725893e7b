"""Integrity checks that need no network: syntax of identifiers, duplicates, and fields that contradict each other."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.models.reference import FLAGGED
from education.references import notices
from education.references.comparison import full_pages, is_same_journal, normalised_title
from education.references.identifiers import is_doi, is_pmcid, is_pmid, journal_of

CODES = {
    "doi-syntax": _lazy("Not a valid DOI"),
    "pmid-syntax": _lazy("Not a valid PMID"),
    "pmcid-syntax": _lazy("Not a valid PMCID"),
    "duplicate-doi": _lazy("Same DOI as another reference"),
    "duplicate-pmid": _lazy("Same PMID as another reference"),
    "duplicate-pmcid": _lazy("Same PMCID as another reference"),
    "duplicate-title": _lazy("Same title and year as another reference"),
    "says-retracted": _lazy("Title says that it was retracted"),
    "is-notice": _lazy("A notice and not a paper"),
    "journal-doi": _lazy("Journal does not match the DOI"),
    "year-doi": _lazy("Year does not match the DOI"),
    "frontiers-number": _lazy("Not an article number of Frontiers"),
    "frontiers-page": _lazy("Page is not Frontiers' article number"),
    "unconfirmed": _lazy("Fields still to be confirmed"),
}
SHARED = {
    "doi": _lazy("The DOI is also that of %(keys)s."),
    "pmid": _lazy("The PMID is also that of %(keys)s."),
    "pmcid": _lazy("The PMCID is also that of %(keys)s."),
    "title": _lazy("Title and year are also those of %(keys)s."),
}
FIELDS = [
    "key", "title", "container_title", "year", "page", "doi", "pmid", "pmcid", "unconfirmed_fields",
    "status",
]  # fmt: skip

# DOIs that contain a year, that of submission or acceptance, and how many years later at most the paper is published.
# Like the beginnings of DOIs, these were learned from the references that came with the site.
YEAR_IN_DOI = [
    (re.compile(r"10\.3389/f[a-z]+\.(\d{4})\.\d+"), 1),
    (re.compile(r"10\.1001/jama[a-z]+\.(\d{4})\.\d+"), 1),
    (re.compile(r"10\.10(?:16|53)/j\.[a-z]+\.(\d{4})\.\d\d\.\d+"), 2),
    (re.compile(r"10\.1136/[a-z]+-(\d{4})-\d+"), 2),
    (re.compile(r"10\.1038/(?:nrgastro|ajg)\.(\d{4})\.\d+"), 1),
]
FRONTIERS = re.compile(r"10\.3389/f[a-z]+\.(\d{4})\.(\d+)")
# Five digits with leading zeros until 2019, seven since 2025; in between, five, six and seven all occur.
FRONTIERS_DIGITS = [(range(2010, 2020), 5), (range(2025, 2100), 7)]


@dataclass(frozen=True)
class Problem:
    """`code` is one of CODES, `sentence` describes this case, `blocks` says whether it prevents publication."""

    code: str
    sentence: str
    blocks: bool = True


class ReferenceIndex:
    """References by the values that identify a paper. Leave out duplicates and rejected ones, which may share them."""

    def __init__(self, references: Iterable[Mapping]):
        self._keys = defaultdict(set)
        for reference in references:
            for value in identifying_values(reference):
                self._keys[value].add(reference["key"])

    def sharing(self, reference: Mapping) -> dict[str, list[str]]:
        """Keys of the others that share a value, by its kind: doi, pmid, pmcid or title."""
        own = {reference["key"]}
        found = {value[0]: self._keys.get(value, own) - own for value in identifying_values(reference)}
        return {kind: sorted(keys) for kind, keys in found.items() if keys}


def problems(reference: Mapping, others: ReferenceIndex) -> list[Problem]:
    """What is wrong with a reference, given as a mapping of FIELDS. No query."""
    found = [*_syntax(reference), *_duplicates(reference, others), *_title(reference), *_journal(reference)]
    found += [*_year(reference), *_frontiers(reference)]
    if reference["unconfirmed_fields"]:
        names = ", ".join(reference["unconfirmed_fields"])
        sentence = _("Still to be confirmed: %(names)s.") % {"names": names}
        found.append(Problem("unconfirmed", sentence, blocks=False))
    return found


def identifying_values(reference: Mapping) -> Iterator[tuple[str, str]]:
    """Pairs of kind and value that no other paper can have: doi, pmid, pmcid, title with year."""
    for kind in ("doi", "pmid", "pmcid"):
        if reference[kind]:
            yield kind, reference[kind].strip().casefold()
    title = normalised_title(reference["title"])
    # Short titles, such as “Acne”, do not identify a paper.
    if len(title.split()) > 2 and reference["year"]:
        yield "title", f"{title} {reference['year']}"


def _syntax(reference):
    if reference["doi"] and not is_doi(reference["doi"]):
        yield Problem("doi-syntax", _("“%(doi)s” is not a DOI.") % {"doi": reference["doi"]})
    if reference["pmid"] and not is_pmid(reference["pmid"]):
        yield Problem("pmid-syntax", _("“%(pmid)s” is not a PMID: digits only.") % {"pmid": reference["pmid"]})
    if reference["pmcid"] and not is_pmcid(reference["pmcid"]):
        sentence = _("“%(pmcid)s” is not a PMCID: PMC and digits.") % {"pmcid": reference["pmcid"]}
        yield Problem("pmcid-syntax", sentence)


def _duplicates(reference, others):
    for kind, keys in others.sharing(reference).items():
        yield Problem(f"duplicate-{kind}", SHARED[kind] % {"keys": ", ".join(keys)})


def _title(reference):
    # Once its status says so, the title needs no one any more. A record that is not stored yet has no status.
    if reference.get("status") in FLAGGED:
        return
    if kind := notices.kind_of_title(reference["title"]):
        code = "says-retracted" if kind == "retracted" else "is-notice"
        yield Problem(code, str(notices.SENTENCES[kind]))


def _journal(reference):
    expected = journal_of(reference["doi"])
    ours = reference["container_title"]
    # Without a known journal for the prefix nothing can be said, and that is not a problem.
    if expected and ours and not is_same_journal(expected, ours):
        sentence = _("DOIs that begin like this belong to “%(expected)s”, not to “%(ours)s”.")
        yield Problem("journal-doi", sentence % {"expected": expected, "ours": ours})


def _year(reference):
    for pattern, later in YEAR_IN_DOI:
        found = pattern.fullmatch(reference["doi"].casefold())
        if found and reference["year"] and not 0 <= reference["year"] - int(found[1]) <= later:
            sentence = _("The year in the DOI is %(doi_year)s, that of the reference is %(year)s.")
            yield Problem("year-doi", sentence % {"doi_year": found[1], "year": reference["year"]})


def _frontiers(reference):
    found = FRONTIERS.fullmatch(reference["doi"].casefold())
    if not found:
        return
    year, number = int(found[1]), found[2]
    for years, digits in FRONTIERS_DIGITS:
        if year in years and len(number) != digits:
            sentence = _(
                "Article numbers of Frontiers from %(year)s have %(digits)s digits; this one, %(number)s, has "
                "%(count)s."
            )
            facts = {"year": year, "digits": digits, "number": number, "count": len(number)}
            yield Problem("frontiers-number", sentence % facts)
    if reference["page"] and full_pages(reference["page"]) != full_pages(number):
        sentence = _("Frontiers uses the number in the DOI, %(number)s, as the page; here it is %(page)s.")
        yield Problem("frontiers-page", sentence % {"number": number.lstrip("0"), "page": reference["page"]})
