"""Look-up of a PMID in PubMed's E-utilities: `efetch.fcgi`, a PubmedArticleSet (NBK25499, dtd.nlm.nih.gov)."""

from xml.etree import ElementTree
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext as _

from education.references.client import RegisterClient
from education.references.exceptions import NotFound, Unreachable
from education.references.identifiers import clean_doi, clean_pmcid
from education.references.names import vancouver_name
from education.references.record import MOST_AUTHORS, Notice, Record, pages, plain, year_of

REGISTER = "PubMed"
# The attribute RefType says how a later publication relates to the paper.
NOTICES = {
    "RetractionIn": "retraction",
    "RetractedandRepublishedIn": "retraction",
    "PartialRetractionIn": "concern",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "correction",
    "CorrectedandRepublishedIn": "correction",
}


def find(pmid: str, client: RegisterClient) -> Record:
    """The record for a PMID. Makes one request; raises NotFound or Unreachable."""
    params = {"db": "pubmed", "id": pmid, "retmode": "xml", "tool": "gutskin"}
    if settings.REGISTER_CONTACT:
        params["email"] = settings.REGISTER_CONTACT
    if settings.NCBI_API_KEY:
        params["api_key"] = settings.NCBI_API_KEY
    return read(client.get(f"{settings.PUBMED_URL.rstrip('/')}/efetch.fcgi", params=params, register=REGISTER), pmid)


def read(body: bytes, pmid: str) -> Record:
    """The record for this PMID in a response of efetch. Raises NotFound if it is missing, else Unreachable."""
    root = _safe_tree(body)
    if root.tag != "PubmedArticleSet":
        raise Unreachable(_("PubMed sent something that is not a record."))
    for article in root.findall("PubmedArticle"):
        if _text(article, "MedlineCitation/PMID") == pmid:
            return _record(article, pmid)
    raise NotFound(_("PubMed does not know this number."))


# expat is in the standard library, so no dependency on defusedxml is needed (decision 13).
def _safe_tree(body):
    """Parse XML, refusing a response that declares entities: ElementTree would expand them (“billion laughs”).

    It does not fetch external DTDs, so the DOCTYPE that PubMed sends is harmless.
    """

    def refuse(*declaration):
        raise Unreachable(_("PubMed sent something that is not a record."))

    def check_doctype(name, system_id, public_id, has_internal_subset):
        if has_internal_subset:
            refuse()

    scanner = expat.ParserCreate()
    scanner.StartDoctypeDeclHandler = check_doctype
    scanner.EntityDeclHandler = refuse
    try:
        scanner.Parse(body, True)
        return ElementTree.fromstring(body)  # noqa: S314  the scanner has just made sure that it declares no entities
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        raise Unreachable(_("PubMed sent something that is not a record.")) from error


def _record(article, pmid):
    citation = article.find("MedlineCitation")
    paper = citation.find("Article")
    if paper is None:
        raise Unreachable(_("PubMed sent something that is not a record."))
    authors = _authors(paper)
    # MedlineDate is free text such as “2018 Nov-Dec”, used when there is no Year.
    published = _text(paper, "Journal/JournalIssue/PubDate/Year") or _text(
        paper, "Journal/JournalIssue/PubDate/MedlineDate"
    )
    years = [year for text in [published, *_all(paper, "ArticleDate/Year")] if (year := year_of(text))]
    # The list of the database is more complete than ELocationID, which the publisher supplies.
    ids = {entry.get("IdType"): plain(entry.text) for entry in article.findall("PubmedData/ArticleIdList/ArticleId")}
    locations = {entry.get("EIdType"): plain(entry.text) for entry in paper.findall("ELocationID")}
    return Record(
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS or paper.find("AuthorList[@CompleteYN='N']") is not None,
        title=_title(paper),
        container_title=_text(paper, "Journal/Title"),
        year=years[0] if years else None,
        volume=_text(paper, "Journal/JournalIssue/Volume"),
        issue=_text(paper, "Journal/JournalIssue/Issue"),
        page=pages(_text(paper, "Pagination/MedlinePgn") or _text(paper, "Pagination/StartPage")),
        doi=clean_doi(ids.get("doi") or locations.get("doi") or ""),
        pmid=pmid,
        pmcid=clean_pmcid(ids.get("pmc") or ""),
        years=sorted(set(years)),
        other_containers=[name for path in ("Journal/ISOAbbreviation",) if (name := _text(paper, path))],
        notices=_notices(citation, paper),
    )


def _title(paper):
    """The title without the full stop that PubMed adds and the brackets that it puts around a translated one."""
    title = _text(paper, "ArticleTitle")
    if title.startswith("[") and title.rstrip(".").endswith("]"):
        title = title.rstrip(".")[1:-1]
    return title.removesuffix(".") if not title.endswith("..") else title


def _authors(paper):
    names = []
    for author in paper.findall("AuthorList/Author"):
        family = _text(author, "LastName") or _text(author, "CollectiveName")
        given = _text(author, "Initials") or _text(author, "ForeName") if author.find("LastName") is not None else ""
        if name := vancouver_name(family, given, _text(author, "Suffix")):
            names.append(name)
    return names


def _notices(citation, paper):
    found = []
    for entry in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        if kind := NOTICES.get(entry.get("RefType", "")):
            where = _text(entry, "RefSource")
            number = _text(entry, "PMID")
            found.append(Notice(kind, f"{where} PMID {number}".strip() if number else where))
    retracted = "Retracted Publication" in _all(paper, "PublicationTypeList/PublicationType")
    if retracted and not any(notice.kind == "retraction" for notice in found):
        found.append(Notice("retraction", _("PubMed calls it a retracted publication")))
    return found


def _text(element, path):
    found = element.find(path)
    return plain("".join(found.itertext())) if found is not None else ""


def _all(element, path):
    return [plain("".join(entry.itertext())) for entry in element.findall(path)]
