"""What can be told of a reference without asking anybody: does its DOI look like one, do its parts fit together?"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.references.comparing import full_pages, normalised_journal, normalised_title
from education.references.identifiers import is_doi, is_pmcid, is_pmid
from education.references.journal_prefixes import journal_of

CODES = {
    "doi-syntax": _lazy("A DOI that cannot be one"),
    "pmid-syntax": _lazy("A PMID that cannot be one"),
    "pmcid-syntax": _lazy("A PMCID that cannot be one"),
    "duplicate-doi": _lazy("The DOI of another reference"),
    "duplicate-pmid": _lazy("The PMID of another reference"),
    "duplicate-pmcid": _lazy("The PMCID of another reference"),
    "duplicate-title": _lazy("Title and year of another reference"),
    "journal-doi": _lazy("A journal that does not fit its DOI"),
    "year-doi": _lazy("A year that does not fit its DOI"),
    "frontiers-number": _lazy("A number that Frontiers did not give"),
    "frontiers-page": _lazy("A page that is not Frontiers' article number"),
    "unconfirmed": _lazy("Fields still to be confirmed"),
}
READ = [
    "key", "title", "container_title", "year", "page", "doi", "pmid", "pmcid", "unconfirmed_fields"
]  # fmt: skip

# DOIs that carry a year, with how many years later, at most, the paper appears: the year is that of submission or
# acceptance. Learned, like the beginnings of DOIs, from the references that came with the site.
YEAR_IN_DOI = [
    (re.compile(r"10\.3389/f[a-z]+\.(\d{4})\.\d+"), 1),
    (re.compile(r"10\.1001/jama[a-z]+\.(\d{4})\.\d+"), 1),
    (re.compile(r"10\.10(?:16|53)/j\.[a-z]+\.(\d{4})\.\d\d\.\d+"), 2),
    (re.compile(r"10\.1136/[a-z]+-(\d{4})-\d+"), 2),
    (re.compile(r"10\.1038/(?:nrgastro|ajg)\.(\d{4})\.\d+"), 1),
]
FRONTIERS = re.compile(r"10\.3389/f[a-z]+\.(\d{4})\.(\d+)")
# Five digits with zeros in front until 2019, seven since 2025; between them all of five, six and seven occur.
FRONTIERS_DIGITS = [(range(2010, 2020), 5), (range(2025, 2100), 7)]


@dataclass(frozen=True)
class Problem:
    """`code` is one of CODES, `sentence` says it of this reference; a problem that does not block is work to do."""

    code: str
    sentence: str
    blocks: bool = True


class Others:
    """References by what must be theirs alone. Give it all that stand for themselves: no duplicates, none rejected."""

    def __init__(self, references: Iterable[Mapping]):
        self._keys = defaultdict(set)
        for reference in references:
            for mark in marks(reference):
                self._keys[mark].add(reference["key"])

    def with_same(self, kind: str, reference: Mapping) -> list[str]:
        """Keys of the others that share the doi, pmid, pmcid or title of this reference."""
        found = set()
        for mark in marks(reference):
            if mark[0] == kind:
                found |= self._keys.get(mark, set())
        return sorted(found - {reference["key"]})


def problems(reference: Mapping, others: Others) -> list[Problem]:
    """What is wrong with a reference, given as a mapping with the names in READ."""
    found = [*_syntax(reference), *_duplicates(reference, others), *_journal(reference), *_year(reference)]
    found += _frontiers(reference)
    if reference["unconfirmed_fields"]:
        names = ", ".join(reference["unconfirmed_fields"])
        sentence = _("Still to be confirmed: %(names)s.") % {"names": names}
        found.append(Problem("unconfirmed", sentence, blocks=False))
    return found


def marks(reference: Mapping) -> Iterator[tuple[str, str]]:
    """Kind and value of what no other paper can have: doi, pmid, pmcid, title with year."""
    for kind in ("doi", "pmid", "pmcid"):
        if reference[kind]:
            yield kind, reference[kind].strip().casefold()
    title = normalised_title(reference["title"])
    # Titles of one word, like “Acne”, say nothing.
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
    sentences = {
        "doi": _("The DOI is also that of %(keys)s."),
        "pmid": _("The PMID is also that of %(keys)s."),
        "pmcid": _("The PMCID is also that of %(keys)s."),
        "title": _("Title and year are also those of %(keys)s."),
    }
    for kind, sentence in sentences.items():
        if keys := others.with_same(kind, reference):
            yield Problem(f"duplicate-{kind}", sentence % {"keys": ", ".join(keys)})


def _journal(reference):
    expected = journal_of(reference["doi"])
    ours = reference["container_title"]
    if expected and ours and normalised_journal(expected) != normalised_journal(ours):
        sentence = _("DOIs that begin like this belong to “%(expected)s”, not to “%(ours)s”.")
        yield Problem("journal-doi", sentence % {"expected": expected, "ours": ours})


def _year(reference):
    for pattern, later in YEAR_IN_DOI:
        found = pattern.fullmatch(reference["doi"].casefold())
        if found and reference["year"] and not 0 <= reference["year"] - int(found[1]) <= later:
            sentence = _("The DOI is of %(doi_year)s, the reference of %(year)s.")
            yield Problem("year-doi", sentence % {"doi_year": found[1], "year": reference["year"]})


def _frontiers(reference):
    found = FRONTIERS.fullmatch(reference["doi"].casefold())
    if not found:
        return
    year, number = int(found[1]), found[2]
    for years, digits in FRONTIERS_DIGITS:
        if year in years and len(number) != digits:
            sentence = _("Frontiers' numbers of %(year)s have %(digits)s digits; this one, %(number)s, has %(count)s.")
            facts = {"year": year, "digits": digits, "number": number, "count": len(number)}
            yield Problem("frontiers-number", sentence % facts)
    if reference["page"] and full_pages(reference["page"]) != full_pages(number):
        sentence = _("Frontiers prints the number of the DOI, %(number)s, as the page; here it is %(page)s.")
        yield Problem("frontiers-page", sentence % {"number": number.lstrip("0"), "page": reference["page"]})
