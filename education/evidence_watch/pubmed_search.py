"""PubMed's search, `esearch.fcgi` and `esummary.fcgi` of E-utilities (NBK25499), as JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from education.models import NewPaper
from education.references.client import BUSY, RegisterClient
from education.references.exceptions import NotFound, Unreachable
from education.references.identifiers import is_pmid
from education.references.pubmed import REGISTER, identification
from education.references.record import plain, year_of

# PubMed gives no more than this for one search.
MOST = 10_000
# Of a search, and of summaries: 200 summaries are less than 1 MB.
NUMBERS_ON_A_PAGE = 2_000
SUMMARIES_AT_ONCE = 200
PAUSE_WITH_KEY = 0.11  # seconds
# PubMed wants both ends of a range of dates.
NEVER = "3000/12/31"
KIND_BY_TYPE = {
    "Randomized Controlled Trial": NewPaper.Kind.TRIAL,
    "Systematic Review": NewPaper.Kind.REVIEW,
    "Meta-Analysis": NewPaper.Kind.REVIEW,
}
# A plan, a letter, or a note about a paper: what it says is no result of a trial.
NO_RESULT = {"Clinical Trial Protocol", "Comment", "Editorial", "Letter", "News", "Published Erratum"}
NO_RESULT |= {"Retracted Publication", "Retraction of Publication", "Expression of Concern"}


class TooMany(Unreachable):
    """More papers than PubMed can list: the question is too wide."""


@dataclass(frozen=True)
class Summary:
    pmid: str
    title: str
    journal: str
    year: int | None
    publication_types: list[str]

    @property
    def kind(self) -> NewPaper.Kind:
        """A review of trials may be indexed as a trial as well, but not the other way round."""
        kinds = {KIND_BY_TYPE[name] for name in self.publication_types if name in KIND_BY_TYPE}
        if NO_RESULT.intersection(self.publication_types) or not kinds:
            return NewPaper.Kind.UNSURE
        return NewPaper.Kind.REVIEW if NewPaper.Kind.REVIEW in kinds else NewPaper.Kind.TRIAL


def polite_client(max_wait: float) -> RegisterClient:
    """Three requests a second at most, or ten with a key (NBK25497). Busy and broken answers are tried again."""
    pause = min(settings.REGISTER_PAUSE, PAUSE_WITH_KEY) if settings.NCBI_API_KEY else settings.REGISTER_PAUSE
    return RegisterClient(max_wait=max_wait, pause=pause, busy=BUSY | {500, 502, 504})


def search(query: str, since: date, client: RegisterClient) -> list[str]:
    """The PMIDs of all papers that answer the query and came into PubMed since that day, in its order.

    Raises Unreachable; TooMany if there are more than PubMed can list.
    """
    found, start, count = {}, 0, 1
    while start < count:
        params = {"term": query, "retstart": start, "retmax": NUMBERS_ON_A_PAGE}
        params |= {"datetype": "edat", "mindate": f"{since:%Y/%m/%d}", "maxdate": NEVER}
        result = _ask("esearch", params, client, "esearchresult")
        count, numbers = _count_and_numbers(result)
        if count > MOST:
            raise TooMany(
                _("PubMed found %(count)s papers, more than it can list. Make the question narrower.")
                % {"count": count}
            )
        if start < count and not numbers:
            raise Unreachable(_("PubMed sent something that is not an answer to a search."))
        found |= dict.fromkeys(numbers)
        start += len(numbers)
    return list(found)


def summaries(pmids: list[str], client: RegisterClient) -> Iterator[list[Summary]]:
    """What PubMed says of the papers, in portions: each can be stored before the next one is asked for.

    A paper that PubMed has no summary of is left out. Raises Unreachable.
    """
    for start in range(0, len(pmids), SUMMARIES_AT_ONCE):
        wanted = pmids[start : start + SUMMARIES_AT_ONCE]
        result = _ask("esummary", {"id": ",".join(wanted)}, client, "result")
        if not isinstance(result.get("uids"), list):
            raise Unreachable(_("PubMed sent something that is not a summary of papers."))
        yield [_summary(pmid, result[pmid]) for pmid in wanted if _is_summary(result.get(pmid))]


def _ask(name, params, client, key):
    address = f"{settings.PUBMED_URL.rstrip('/')}/{name}.fcgi"
    params = {"db": "pubmed", "retmode": "json"} | params | identification()
    try:
        body = client.get(address, params=params, register=REGISTER)
        answer = json.loads(body)
    except NotFound as error:
        raise Unreachable(_("PubMed is not at its address.")) from error
    # RecursionError: a few thousand brackets are enough.
    except (ValueError, RecursionError) as error:
        raise Unreachable(_("PubMed sent something that is not an answer.")) from error
    result = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        raise Unreachable(_("PubMed sent something that is not an answer."))
    return result


def _count_and_numbers(result):
    if error := result.get("ERROR"):
        raise Unreachable(_("PubMed refused the question: %(reason)s") % {"reason": plain(error)[:200]})
    count, numbers = result.get("count"), result.get("idlist")
    if not (isinstance(count, str) and count.isascii() and count.isdigit() and len(count) < 10):
        raise Unreachable(_("PubMed sent something that is not an answer to a search."))
    if not (isinstance(numbers, list) and all(isinstance(number, str) and is_pmid(number) for number in numbers)):
        raise Unreachable(_("PubMed sent something that is not an answer to a search."))
    return int(count), numbers


def _is_summary(entry):
    return isinstance(entry, dict) and "error" not in entry and bool(plain(entry.get("title")))


def _summary(pmid, entry):
    types = entry.get("pubtype")
    types = [plain(name) for name in types if isinstance(name, str)] if isinstance(types, list) else []
    years = [year for name in ("pubdate", "epubdate", "sortpubdate") if (year := year_of(entry.get(name)))]
    journal = plain(entry.get("fulljournalname")) or plain(entry.get("source"))
    title = plain(entry["title"]).rstrip(".").removeprefix("[").removesuffix("]")
    return Summary(pmid, title, journal[:200], years[0] if years else None, types)
