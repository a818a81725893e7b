"""PubMed by PMID, one or a list, with `efetch.fcgi` of E-utilities (NBK25499); and files with the same XML."""

import re
from xml.etree import ElementTree
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext as _

from education.references.client import RegisterClient
from education.references.exceptions import NotFound, Unreachable, Unreadable
from education.references.identifiers import clean_pmid, is_pmid
from education.references.pubmed_record import pmid_of, record_of
from education.references.record import Record

REGISTER = "PubMed"
ENTRIES = ("PubmedArticle", "PubmedBookArticle")
BEGINNING = re.compile(r"<Pubmed(?:Book)?Article[\s>]")
# What a record does not need, and what takes nearly all the space of an answer.
NOT_READ = {
    "Abstract", "OtherAbstract", "AffiliationInfo", "MeshHeadingList", "ChemicalList", "KeywordList", "GrantList",
    "ReferenceList", "History", "DataBankList", "InvestigatorList", "GeneralNote", "CoiStatement", "Sections",
}  # fmt: skip


def find(pmid: str, client: RegisterClient) -> Record:
    """The record for a PMID. Makes one request; raises NotFound or Unreachable."""
    return read(_fetch(pmid, client), pmid)


def find_all(pmids: list[str], client: RegisterClient) -> str:
    """The records of several PMIDs in one request, as XML that `read_file` reads. Raises Unreachable."""
    root = _safe_tree(_fetch(",".join(pmids), client))
    if root.tag != "PubmedArticleSet":
        raise Unreachable(_("PubMed sent something that is not a record."))
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in NOT_READ]:
            parent.remove(child)
    found = {pmid_of(entry): entry for entry in root if entry.tag in ENTRIES}
    answer = ElementTree.Element("PubmedArticleSet")
    for pmid in pmids:
        # In the order of the list. One that PubMed does not know stays as an empty entry, so that it is not lost.
        answer.append(found[pmid] if pmid in found else _unknown(pmid))
    return ElementTree.tostring(answer, encoding="unicode")


def identification() -> dict:
    """The parameters by which NCBI knows who is asking (NBK25497)."""
    known = {"tool": "gutskin", "email": settings.REGISTER_CONTACT, "api_key": settings.NCBI_API_KEY}
    return {name: value for name, value in known.items() if value}


def pmids_in(text: str) -> list[str]:
    """The PMIDs in a text that has nothing else, as numbers, addresses or after “PMID:”; else an empty list."""
    words = [word for word in re.split(r"[\s,;]+", re.sub(r"(?i)\bPMIDs?\s*[:=-]?\s*", " ", text)) if word]
    numbers = [clean_pmid(word) for word in words]
    return list(dict.fromkeys(numbers)) if all(map(is_pmid, numbers)) else []


def is_xml(text: str) -> bool:
    return text.startswith("<") and bool(BEGINNING.search(text))


def count(text: str) -> int:
    return len(BEGINNING.findall(text))


def read_file(text: str) -> list[tuple[str, Record | Unreadable]]:
    """For each article or book of a file a label and its Record, or an Unreadable. Raises Unreadable for no XML."""
    try:
        # Several answers in one file, as `efetch` writes them one after the other, have no common element.
        root = _safe_tree(f"<all>{_without_prologs(text)}</all>".encode())
    except Unreachable as error:
        raise Unreadable(_("This looks like XML of PubMed, but it is damaged.")) from error
    found = []
    for entry in (element for element in root.iter() if element.tag in ENTRIES):
        pmid, record = pmid_of(entry), record_of(entry)
        if record is None:
            found.append((f"PMID {pmid}", Unreadable(_("PubMed does not know this number."))))
        else:
            found.append((record.title or f"PMID {pmid}", record))
    return found


def read(body: bytes, pmid: str) -> Record:
    """The record for this PMID in a response of efetch. Raises NotFound if it is missing, else Unreachable."""
    root = _safe_tree(body)
    if root.tag != "PubmedArticleSet":
        raise Unreachable(_("PubMed sent something that is not a record."))
    for entry in root:
        if entry.tag in ENTRIES and pmid_of(entry) == pmid:
            record = record_of(entry)
            if record is None:
                raise Unreachable(_("PubMed sent something that is not a record."))
            return record
    raise NotFound(_("PubMed does not know this number."))


def _fetch(ids, client):
    params = {"db": "pubmed", "id": ids, "retmode": "xml"} | identification()
    return client.get(f"{settings.PUBMED_URL.rstrip('/')}/efetch.fcgi", params=params, register=REGISTER)


def _unknown(pmid):
    entry = ElementTree.Element("PubmedArticle")
    ElementTree.SubElement(ElementTree.SubElement(entry, "MedlineCitation"), "PMID").text = pmid
    return entry


def _without_prologs(text):
    """The text without XML declarations and DOCTYPEs. A DOCTYPE that declares something stays, and is refused."""
    return re.sub(r"<\?xml[^<>]{0,200}\?>|<!DOCTYPE[^<>\[\]]{0,400}>", "", text)


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
