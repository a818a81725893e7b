"""Answers of Crossref and PubMed, and files of PubMed, that are not an ordinary paper."""

import pytest

from education.citation import csl_json, ris, vancouver
from education.models import Reference
from education.references import crossref, files, pubmed
from education.references.exceptions import Unreadable
from education.references.registers import compare
from education.references.storable import make_storable
from tests.education.register_server import DOI, crossref_work, pubmed_article, pubmed_set

STATPEARLS = """
<PubmedBookArticle><BookDocument><PMID Version="1">28846301</PMID>
<ArticleIdList><ArticleId IdType="bookaccession">NBK448071</ArticleId></ArticleIdList>
<Book><Publisher><PublisherName>StatPearls Publishing</PublisherName>
<PublisherLocation>Treasure Island (FL)</PublisherLocation></Publisher>
<BookTitle book="statpearls">StatPearls</BookTitle><PubDate><Year>2025</Year><Month>01</Month></PubDate>
<BeginningDate><Year>2025</Year></BeginningDate><Medium>Internet</Medium></Book>
<ArticleTitle book="statpearls" part="article-1">Atopic Dermatitis</ArticleTitle><Language>eng</Language>
<AuthorList Type="authors" CompleteYN="Y"><Author ValidYN="Y"><LastName>Kolb</LastName><Initials>L</Initials></Author>
<Author ValidYN="Y"><LastName>Ferrer-Bruker</LastName><ForeName>Sarah J.</ForeName></Author></AuthorList>
<ContributionDate><Year>2023</Year><Month>08</Month><Day>08</Day></ContributionDate></BookDocument></PubmedBookArticle>
"""
WHOLE_BOOK = """
<PubmedBookArticle><BookDocument><PMID>20301000</PMID><Book><Publisher><PublisherName>NICE</PublisherName>
<PublisherLocation>London</PublisherLocation></Publisher><BookTitle>Acne vulgaris: management</BookTitle>
<PubDate><Year>2021</Year></PubDate><AuthorList Type="editors"><Author><CollectiveName>NICE Guideline Alliance
</CollectiveName></Author></AuthorList></Book></BookDocument></PubmedBookArticle>
"""


def ask_crossref(**message):
    return make_storable(crossref.read(crossref_work(DOI, **message), DOI))


def ask_pubmed(*articles, pmid="41000001"):
    return make_storable(pubmed.read(pubmed_set(*articles), pmid))


def citation(record):
    return vancouver(Reference(**record.values() | {"accessed": None, "posted": None}))


@pytest.mark.parametrize(
    "people, authors",
    [
        ([{"given": "Sukarno", "sequence": "first"}], ["Sukarno"]),
        ([{"family": "Wibowo"}, {"literal": "Skin Group"}], ["Wibowo", "Skin Group"]),
        ([{"name": "WHO", "given": "ignored"}], ["WHO"]),
        ([{"given": "", "family": ""}, {"ORCID": "https://orcid.org/1"}, {"family": "Li", "given": "W"}], ["Li W"]),
        ([{"family": "LINDQVIST", "given": "ANNA MARIA"}], ["Lindqvist AM"]),
        ([{"family": "Li", "given": "W"}, {"name": "et al."}], ["Li W"]),
    ],
)
def test_authors_of_crossref(people, authors):
    record = ask_crossref(author=people)
    assert (record.authors, record.et_al) == (authors, people[-1].get("name") == "et al.")


def test_a_preprint_is_named_as_one_with_its_server_and_day():
    record = ask_crossref(
        type="posted-content",
        subtype="preprint",
        institution=[{"name": "medRxiv"}],
        **{"group-title": "Dermatology", "posted": {"date-parts": [[2020, 3, 4]]}, "container-title": []},
        **dict.fromkeys(["issued", "published", "published-print", "volume", "issue", "page", "journal-issue"]),
    )
    assert (record.type, record.container_title, record.year) == ("article", "medRxiv", 2020)
    assert record.posted == "2020-03-04"
    reference = Reference(key="one", **record.values() | {"accessed": None, "posted": None})
    reference.posted = Reference._meta.get_field("posted").to_python(record.posted)
    title = "The gut-skin axis: Emerging insights (Review)"
    assert vancouver(reference) == f"Zhao Y, Yu C. {title}. medRxiv [Preprint]. 2020 Mar 4."
    assert csl_json(reference)["genre"] == "Preprint"
    assert "TY  - UNPB\r\n" in ris(reference)
    (again,) = files.read(ris(reference))
    assert (again.record.type, again.record.posted) == ("article", "2020-03-04")


@pytest.mark.parametrize(
    "message, server",
    [
        ({"type": "posted-content", "group-title": "Research Square", "institution": None}, "Research Square"),
        ({"type": "posted-content", "institution": {"name": "bioRxiv"}}, "bioRxiv"),
        ({"container-title": ["medRxiv : the preprint server for health sciences"]}, "medRxiv"),
        ({"type": "report", "container-title": [], "publisher": "Research Square Platform LLC"}, "Research Square"),
        ({"type": "posted-content", "container-title": [], "publisher": "A Server Ltd"}, "Int J Mol Med"),
    ],
)
def test_servers_of_preprints(message, server):
    record = ask_crossref(**message)
    assert record.type == "article"
    assert record.container_title.startswith(server)
    assert "[Preprint]" in citation(record)


@pytest.mark.parametrize(
    "message, kind",
    [
        ({"title": ["[Retracted] A trial of fibre"]}, "retraction"),
        ({"title": ["REMOVED: A trial of fibre"]}, "retraction"),
        ({"title": ["RETRACTED ARTICLE: A trial of fibre"]}, "retraction"),
        ({"title": ["WITHDRAWN: A trial of fibre"]}, "retraction"),
        ({"title": ["A trial of fibre (Retracted article. See vol. 9, 2020)"]}, "retraction"),
        ({"title": ["Retracted eyelids and the skin"]}, None),
        ({"title": ["RETRACTED EYELIDS AND THE SKIN"]}, None),
    ],
)
def test_words_of_retraction_in_titles_of_crossref(message, kind):
    assert [notice.kind for notice in ask_crossref(**message).notices] == ([kind] if kind else [])


@pytest.mark.parametrize("kind", ["retraction", "correction", "expression_of_concern", "Erratum"])
def test_a_notice_is_not_taken_for_the_paper(kind):
    record = ask_crossref(**{"update-to": [{"DOI": "10.1234/paper", "type": kind}]})
    assert record.is_notice
    assert "10.1234/paper" in record.remarks[0]
    assert record.notices == []


def test_et_al_is_taken_back_if_a_register_names_no_one_else():
    reference = Reference(key="one", **ask_crossref().values() | {"accessed": None, "posted": None, "et_al": True})
    (found,) = compare(reference, "crossref", ask_crossref()).differences
    assert (found["field"], found["contradicts"]) == ("authors", False)


def test_a_stored_reference_that_is_a_notice_is_of_concern():
    notice = ask_crossref(**{"update-to": [{"DOI": "10.1234/paper", "type": "retraction"}]})
    reference = Reference(key="one", **notice.values() | {"accessed": None, "posted": None})
    answer = compare(reference, "crossref", notice)
    assert answer.outcome == "concern"
    assert "10.1234/paper" in answer.notice


def test_a_new_version_is_no_notice():
    record = ask_crossref(**{"update-to": [{"DOI": "10.1234/paper", "type": "new_version"}]})
    assert (record.is_notice, record.remarks) == (False, [])


@pytest.mark.parametrize("kind", ["Retraction of Publication", "Published Erratum", "Expression of Concern"])
def test_a_notice_in_pubmed_is_named(kind):
    record = ask_pubmed(pubmed_article("41000001", types=["Journal Article", kind]))
    assert record.is_notice
    assert kind in record.remarks[0]


@pytest.mark.parametrize(
    "title, original, read",
    [
        ("[Not Available].", "La peau et l'intestin.", "La peau et l'intestin"),
        ("", "Haut und Darm", "Haut und Darm"),
        ("[Acne and diet].", "Acné y dieta.", "Acne and diet"),
        ("[Not Available].", "", ""),
        ("Not available in shops: a survey.", "", "Not available in shops: a survey"),
    ],
)
def test_a_title_that_was_not_translated(title, original, read):
    article = pubmed_article("41000001", title=title).replace(
        "</Article>", f"<VernacularTitle>{original}</VernacularTitle></Article>"
    )
    record = ask_pubmed(article)
    assert record.title == read
    assert bool(record.remarks) == (read == original.rstrip(".") != "")


def test_a_chapter_of_statpearls_is_a_chapter():
    record = ask_pubmed(STATPEARLS, pmid="28846301")
    assert (record.type, record.title, record.container_title) == ("chapter", "Atopic Dermatitis", "StatPearls")
    assert (record.authors, record.year) == (["Kolb L", "Ferrer-Bruker SJ"], 2023)
    assert (record.publisher, record.publisher_place) == ("StatPearls Publishing", "Treasure Island (FL)")
    assert record.url == "https://www.ncbi.nlm.nih.gov/books/NBK448071/"


def test_a_book_without_chapters_is_a_book():
    record = ask_pubmed(WHOLE_BOOK, pmid="20301000")
    assert (record.type, record.title, record.year) == ("book", "Acne vulgaris: management", 2021)
    assert record.authors == ["NICE Guideline Alliance"]


def test_a_preprint_in_pubmed_is_one():
    record = ask_pubmed(pubmed_article("41000001", types=["Journal Article", "Preprint"]))
    assert (record.type, record.posted) == ("article", "2025-09-26")


def test_a_file_of_pubmed_xml_is_read():
    text = pubmed_set(pubmed_article("41000001", doi=DOI), STATPEARLS).decode()
    first, second = files.read(text + "\n" + pubmed_set(pubmed_article("41000002")).decode())[:2]
    assert (first.record.pmid, first.record.doi) == ("41000001", DOI)
    assert (second.record.pmid, second.record.type) == ("28846301", "chapter")


@pytest.mark.parametrize("article", ["<PubmedArticle><MedlineCitation/></PubmedArticle>", "<PubmedArticle/>"])
def test_an_entry_without_a_paper_costs_no_other(article):
    empty, whole = files.read(pubmed_set(article, pubmed_article("41000001")).decode())
    assert empty.problem
    assert whole.record.pmid == "41000001"


@pytest.mark.parametrize(
    "text", ["<PubmedArticle >", '<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticle >&b;</PubmedArticle>']
)
def test_damaged_xml_is_refused(text):
    with pytest.raises(Unreadable, match="damaged"):
        files.read(text)
