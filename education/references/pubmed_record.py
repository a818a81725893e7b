"""The record of one PubmedArticle or PubmedBookArticle (dtd.nlm.nih.gov): a paper, a book, or a chapter of a book."""

import re
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.identifiers import clean_doi, clean_pmcid
from education.references.names import vancouver_name
from education.references.notices import Notice, kind_of_title
from education.references.record import MOST_AUTHORS, Record, day_of, pages, plain, year_of

# The attribute RefType says how a later publication relates to the paper.
NOTICES = {
    "RetractionIn": "retraction",
    "RetractedandRepublishedIn": "retraction",
    "PartialRetractionIn": "concern",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "correction",
    "CorrectedandRepublishedIn": "correction",
}
# Publication types of a text that is about another paper.
ABOUT_ANOTHER = {"Retraction of Publication", "Retraction Notice", "Published Erratum", "Expression of Concern"}
NOT_TRANSLATED = re.compile(r"\[?\s*(?:not available|no title available|in process citation)\s*\]?\.?", re.IGNORECASE)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def pmid_of(entry: ElementTree.Element) -> str:
    """The PMID of an article or a book; "" if there is none."""
    return _text(entry, "MedlineCitation/PMID") or _text(entry, "BookDocument/PMID")


def record_of(entry: ElementTree.Element) -> Record | None:
    """The record of an article or a book; None for an entry without a paper in it."""
    if entry.tag == "PubmedBookArticle":
        document = entry.find("BookDocument")
        return None if document is None else _book(document, entry)
    paper = entry.find("MedlineCitation/Article")
    return None if paper is None else _article(entry, paper)


def _article(entry, paper):
    citation = entry.find("MedlineCitation")
    authors = _authors(paper.findall("AuthorList/Author"))
    # MedlineDate is free text such as “2018 Nov-Dec”, used when there is no Year.
    published = _text(paper, "Journal/JournalIssue/PubDate/Year") or _text(
        paper, "Journal/JournalIssue/PubDate/MedlineDate"
    )
    years = [year for text in [published, *_all(paper, "ArticleDate/Year")] if (year := year_of(text))]
    # The list of the database is more complete than ELocationID, which the publisher supplies.
    ids = _ids(entry, "PubmedData/ArticleIdList/ArticleId")
    locations = {found.get("EIdType"): plain(found.text) for found in paper.findall("ELocationID")}
    types = set(_all(paper, "PublicationTypeList/PublicationType"))
    remarks = []
    record = Record(
        type=(ReferenceType.PREPRINT if "Preprint" in types else ReferenceType.ARTICLE).value,
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS or paper.find("AuthorList[@CompleteYN='N']") is not None,
        title=_title(paper, remarks),
        container_title=_text(paper, "Journal/Title"),
        year=years[0] if years else None,
        volume=_text(paper, "Journal/JournalIssue/Volume"),
        issue=_text(paper, "Journal/JournalIssue/Issue"),
        page=pages(_text(paper, "Pagination/MedlinePgn") or _text(paper, "Pagination/StartPage")),
        doi=clean_doi(ids.get("doi") or locations.get("doi") or ""),
        pmid=pmid_of(entry),
        pmcid=clean_pmcid(ids.get("pmc") or ""),
        posted=_day(paper.find("ArticleDate")),
        years=sorted(set(years)),
        other_containers=[name for path in ("Journal/ISOAbbreviation",) if (name := _text(paper, path))],
        notices=_notices(citation, paper),
        remarks=remarks,
    )
    _mark_notice(record, types)
    return record


def _mark_notice(record, types):
    """What PubMed says of the text itself, and not what was published about it."""
    if "Retracted Publication" in types and not any(notice.kind == "retraction" for notice in record.notices):
        record.notices.append(Notice("retraction", _("PubMed calls it a retracted publication")))
    elif kind_of_title(record.title) == "retracted" and not record.notices:
        record.notices.append(Notice("retraction", _("its title at PubMed")))
    if named := sorted(types & ABOUT_ANOTHER):
        record.is_notice = True
        record.remarks.append(_("PubMed calls it “%(kind)s”: it is a notice, not the paper.") % {"kind": named[0]})


def _book(document, entry):
    """StatPearls and other books of the NCBI Bookshelf: with a title of its own, the document is a chapter."""
    title, book_title = _text(document, "ArticleTitle"), _text(document, "Book/BookTitle")
    is_chapter = bool(title) and title != book_title
    own = [person for people in document.findall("AuthorList") for person in people.findall("Author")]
    # The authors of the book are those of a chapter only if it names none; its editors never are.
    of_book = [
        person
        for people in document.findall("Book/AuthorList")
        if people.get("Type") != "editors" or not own
        for person in people.findall("Author")
    ]
    authors = _authors(own or of_book)
    dates = ["ContributionDate/Year", "Book/PubDate/Year", "Book/BeginningDate/Year"]
    years = [year for path in dates if (year := year_of(_text(document, path)))]
    ids = _ids(document, "ArticleIdList/ArticleId") | _ids(entry, "PubmedBookData/ArticleIdList/ArticleId")
    numbers = [plain(found.text) for found in document.findall("ArticleIdList/ArticleId")]
    shelf = ids.get("bookaccession") or next((number for number in numbers if number.startswith("NBK")), "")
    doi = clean_doi(ids.get("doi") or "")
    return Record(
        type=(ReferenceType.CHAPTER if is_chapter else ReferenceType.BOOK).value,
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=(title if is_chapter else book_title).removesuffix("."),
        container_title=book_title if is_chapter else "",
        publisher=_text(document, "Book/Publisher/PublisherName"),
        publisher_place=_text(document, "Book/Publisher/PublisherLocation"),
        edition=_text(document, "Book/Edition"),
        year=years[0] if years else None,
        page=pages(_text(document, "Pagination/MedlinePgn")),
        doi=doi,
        pmid=pmid_of(entry),
        url=f"https://www.ncbi.nlm.nih.gov/books/{shelf}/" if shelf and not doi else "",
        years=sorted(set(years)),
    )


def _title(paper, remarks):
    """The title without the full stop that PubMed adds and the brackets that it puts around a translated one."""
    title, original = _text(paper, "ArticleTitle"), _text(paper, "VernacularTitle")
    if original and (not title or NOT_TRANSLATED.fullmatch(title)):
        remarks.append(_("PubMed has no English title; it was left in its own language."))
        title = original
    if NOT_TRANSLATED.fullmatch(title):
        return ""
    if title.startswith("[") and title.rstrip(".").endswith("]"):
        title = title.rstrip(".")[1:-1]
    return title.removesuffix(".") if not title.endswith("..") else title


def _authors(people):
    names = []
    for author in people:
        family = _text(author, "LastName")
        given = _text(author, "Initials") or _text(author, "ForeName")
        name = vancouver_name(family, given, _text(author, "Suffix")) if family else ""
        # A person with one name only has it as ForeName.
        if name := name or _text(author, "CollectiveName") or _text(author, "ForeName"):
            names.append(name)
    return names


def _notices(citation, paper):
    found = []
    for entry in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        if kind := NOTICES.get(entry.get("RefType", "")):
            where = _text(entry, "RefSource")
            number = _text(entry, "PMID")
            found.append(Notice(kind, f"{where} PMID {number}".strip() if number else where))
    return found


def _ids(element, path):
    return {found.get("IdType"): plain(found.text) for found in element.findall(path)}


def _day(date):
    if date is None:
        return ""
    month = _text(date, "Month").casefold()[:3]
    number = str(MONTHS.index(month) + 1) if month in MONTHS else month
    return day_of([_text(date, "Year"), number, _text(date, "Day")])


def _text(element, path):
    """The text of an element with its markup read: <sup>9</sup> in a title is ⁹."""
    found = element.find(path)
    if found is None:
        return ""
    if len(found) == 0:
        return plain(found.text)
    inner = (found.text or "").replace("&", "&amp;").replace("<", "&lt;")
    return plain(inner + "".join(ElementTree.tostring(child, encoding="unicode") for child in found))


def _all(element, path):
    return [plain("".join(entry.itertext())) for entry in element.findall(path)]
