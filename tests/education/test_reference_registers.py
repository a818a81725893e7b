"""Look-ups in Crossref and PubMed: good answers, unusual ones, and none, from a local server."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import time_machine

from education.references import crossref, pubmed
from education.references.client import RegisterClient, retry_after
from education.references.exceptions import NotFound, Unreachable
from education.references.notices import Notice
from tests.education import register_server
from tests.education.register_server import DOI, crossref_work, pubmed_article, pubmed_set, status


@pytest.fixture
def registers(settings):
    with register_server.running(settings) as registers:
        yield registers


def ask_crossref(doi=DOI, **asker):
    with RegisterClient(**asker) as asking:
        return crossref.find(doi, asking)


def ask_pubmed(pmid="41000001"):
    with RegisterClient() as asking:
        return pubmed.find(pmid, asking)


def test_a_work_of_crossref_becomes_a_record(registers):
    registers.works[DOI] = crossref_work(DOI)
    record = ask_crossref()
    assert record.authors == ["Zhao Y", "Yu C"]
    assert record.title == "The gut-skin axis: Emerging insights (Review)"
    assert (record.container_title, record.year) == ("International Journal of Molecular Medicine", 2025)
    assert (record.volume, record.issue, record.page) == ("56", "6", "1-20")
    assert (record.type, record.doi, record.notices) == ("article-journal", DOI, [])


def test_requests_name_a_contact_and_ask_for_no_compression(registers):
    registers.works[DOI] = crossref_work(DOI)
    ask_crossref()
    path, headers = registers.requests[0]
    assert path == f"/works/{DOI}?mailto=desk%40gutskin.example"
    assert "mailto:desk@gutskin.example" in headers["User-Agent"]
    assert headers["Accept-Encoding"] == "identity"


def test_a_key_for_pubmed_is_sent_and_never_logged(registers, settings, caplog):
    settings.NCBI_API_KEY = "our-secret-key"
    registers.articles["41000001"] = pubmed_set(pubmed_article("41000001"))
    ask_pubmed()
    path = registers.requests[0][0]
    assert "api_key=our-secret-key" in path
    assert "tool=gutskin" in path
    assert "email=desk%40gutskin.example" in path
    assert "our-secret-key" not in caplog.text


@pytest.mark.parametrize(
    ("message", "field", "value"),
    [
        ({"title": ["<i>Lactobacillus</i> &amp; H<sub>2</sub>O\n in   skin"]}, "title", "Lactobacillus & H₂O in skin"),
        ({"title": ["Gut and skin"], "subtitle": ["A trial"]}, "title", "Gut and skin: A trial"),
        ({"title": []}, "title", ""),
        ({"title": "Not a list"}, "title", "Not a list"),
        (
            {"author": [{"name": "World Health Organization", "sequence": "first"}]},
            "authors",
            ["World Health Organization"],
        ),
        (
            {"author": [{"given": "Jean-Paul", "family": "van Zuuren", "suffix": "Jr."}]},
            "authors",
            ["van Zuuren JP Jr"],
        ),
        ({"author": None}, "authors", []),
        ({"author": ["Zhao"]}, "authors", []),
        ({"page": None, "article-number": "1459"}, "page", "1459"),
        ({"page": "1167\u20131176"}, "page", "1167-1176"),
        ({"published-print": {"date-parts": [[None]]}, "issued": {"date-parts": [[2024, 3]]}}, "year", 2024),
        ({"published-print": None, "issued": None, "published": 5, "published-online": {}}, "year", None),
        ({"issue": None}, "issue", "6"),
        ({"type": "book", "edition-number": "2"}, "type", "book"),
        ({"type": "report"}, "type", "report"),
        ({"container-title": []}, "container_title", "Int J Mol Med"),
    ],
)
def test_unusual_works_of_crossref(registers, message, field, value):
    registers.works[DOI] = crossref_work(DOI, **message)
    assert getattr(ask_crossref(), field) == value


def update(kind, doi="10.3892/ijmm.2026.1", **more):
    return {"DOI": doi, "type": kind, "label": kind.title(), "source": "publisher"} | more


@pytest.mark.parametrize(
    ("message", "notices"),
    [
        ({"updated-by": [update("retraction")]}, [Notice("retraction", "10.3892/ijmm.2026.1")]),
        (
            {"updated-by": [update("retraction"), update("retraction", source="retraction-watch")]},
            [Notice("retraction", "10.3892/ijmm.2026.1")],
        ),
        ({"updated-by": [update("erratum")]}, [Notice("correction", "10.3892/ijmm.2026.1")]),
        ({"updated-by": [update("expression_of_concern")]}, [Notice("concern", "10.3892/ijmm.2026.1")]),
        ({"updated-by": [update("a word of tomorrow")]}, [Notice("concern", "10.3892/ijmm.2026.1")]),
        ({"updated-by": [update("new_version")]}, []),
        ({"updated-by": [{"type": None}, "retraction"]}, [Notice("concern", "")]),
        ({"update-to": [update("retraction", DOI)]}, [Notice("retraction", DOI)]),
        ({"update-to": [update("retraction", "10.1234/another-paper")]}, []),
        ({"title": ["RETRACTED ARTICLE: The gut-skin axis"]}, [Notice("retraction", "its title at Crossref")]),
    ],
)
def test_notices_in_crossref(registers, message, notices):
    registers.works[DOI] = crossref_work(DOI, **message)
    assert ask_crossref().notices == notices


def test_a_doi_keeps_the_case_of_the_request(registers):
    registers.works["10.3399/bjgpo.2020.0181"] = crossref_work("10.3399/bjgpo.2020.0181")
    assert ask_crossref("10.3399/BJGPO.2020.0181").doi == "10.3399/BJGPO.2020.0181"


@pytest.mark.parametrize("doi", ["10.1016/S1473-3099(15)00527-7", "10.1002/(sici)1<1::aid>3.0.co;2-#", "10.1234/a?b=c"])
def test_a_doi_with_special_characters_is_quoted(registers, doi):
    registers.works[doi.casefold()] = crossref_work(doi)
    assert ask_crossref(doi).doi == doi


def test_a_doi_that_crossref_does_not_know(registers):
    with pytest.raises(NotFound, match="Crossref does not know this number"):
        ask_crossref("10.3389/fmicb.2025.112034")


RUBBISH = {
    "html": b"<!doctype html><title>Please log in</title>",
    "empty": b"",
    "a list": b"[]",
    "no message": b'{"status":"ok"}',
    "another kind of message": b'{"status":"ok","message-type":"work-list","message":{"items":[]}}',
    "not utf-8": b'{"status":"\xff\xfe"}',
    "deeply nested": b"[" * 100_000,
    "DOI of a strange kind": b'{"message":{"DOI":5}}',
}


@pytest.mark.parametrize("body", RUBBISH.values(), ids=RUBBISH)
def test_an_unusable_answer_of_crossref(registers, body):
    registers.works[DOI] = body
    with pytest.raises(Unreachable, match="not a record"):
        ask_crossref()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (status(500, b"Internal Server Error"), r"an error \(500\)"),
        (status(403, b"Forbidden"), r"an error \(403\)"),
        (status(429, b"Rate limit exceeded"), "busy"),
        (status(503, b"", Retry_After="3600"), "busy"),
        (status(302, b"", Location="https://elsewhere.example/works/"), r"an error \(302\)"),
        (status(302, b"", Location="http://["), r"an error \(302\)"),
        (status(503, b"", Retry_After="Mon, 01 Jan 99999999999999999999 00:00:00 GMT"), "busy"),
        (status(200, b"\x1f\x8b packed", Content_Encoding="gzip"), "more than we can read"),
        (register_server.cut_off, "cannot be reached"),
        (register_server.endless, "more than we can read"),
    ],
)
def test_an_error_of_a_register_is_reported_in_a_sentence(registers, answer, sentence):
    registers.works[DOI] = answer
    with pytest.raises(Unreachable, match=sentence):
        ask_crossref(max_wait=4)


def test_a_silent_register_times_out(registers, settings):
    settings.REGISTER_TIMEOUT = 0.2
    registers.works[DOI] = registers.slowly
    with pytest.raises(Unreachable, match="too slow"):
        ask_crossref()


def test_the_deadline_covers_the_whole_answer(registers, settings):
    settings.REGISTER_TIMEOUT = 0.3
    registers.works[DOI] = register_server.dripping
    with pytest.raises(Unreachable, match="too slow"):
        ask_crossref()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "not an address", "http://[::1", "ftp://127.0.0.1/"])
def test_an_unreachable_register(settings, address):
    settings.CROSSREF_URL = address
    with pytest.raises(Unreachable, match="cannot be reached"):
        ask_crossref()


def test_backoff_follows_retry_after(registers):
    registers.works[DOI] = [status(429, b"", Retry_After="0"), status(503, b"", Retry_After="0"), crossref_work(DOI)]
    assert ask_crossref(max_wait=10).year == 2025
    assert len(registers.requests) == 3


def test_max_wait_ends_retries_without_delay(registers):
    registers.works[DOI] = status(429, b"", Retry_After="0")
    with pytest.raises(Unreachable, match="busy"):
        ask_crossref(max_wait=3)
    assert len(registers.requests) == 4


def test_a_user_does_not_wait_for_a_busy_register(registers):
    registers.works[DOI] = status(429, b"", Retry_After="1")
    with pytest.raises(Unreachable, match="busy"):
        ask_crossref()
    assert len(registers.requests) == 1


def test_a_doi_merged_into_another_one_is_followed_on_the_same_host(registers):
    registers.works["10.1234/old"] = status(301, b"", Location=f"/works/{DOI}")
    registers.works[DOI] = crossref_work(DOI)
    assert ask_crossref("10.1234/old").doi == DOI


def test_redirects_in_a_circle_end(registers):
    registers.works[DOI] = status(301, b"", Location=f"/works/{DOI}")
    with pytest.raises(Unreachable):
        ask_crossref()
    assert len(registers.requests) == 3


@time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), tick=False)
def test_retry_after_is_a_number_or_a_date():
    assert retry_after("7") == 7
    assert retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)) == 90
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("soon") == retry_after("") == retry_after("-1") == retry_after("٣") == 5


def test_an_article_of_pubmed_becomes_a_record(registers):
    registers.articles["41000001"] = pubmed_set(pubmed_article("41000001", doi=DOI))
    record = ask_pubmed()
    assert record.authors == ["Zhao Y", "Yu C", "Gut and Skin Study Group"]
    assert record.title == "The gut-skin axis: Emerging insights"
    assert (record.doi, record.pmid, record.pmcid) == (DOI, "41000001", "PMC12494302")
    assert (record.year, record.volume, record.issue, record.page) == (2025, "56", "6", "1-20")
    assert record.container_title == "International journal of molecular medicine"


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Effects of <i>Lactobacillus</i> on H<sub>2</sub>.", "Effects of Lactobacillus on H₂"),
        ("[Acné y dieta].", "Acné y dieta"),
        ("Is there a link?", "Is there a link?"),
        ("", ""),
    ],
)
def test_titles_of_pubmed(registers, title, read):
    registers.articles["41000001"] = pubmed_set(pubmed_article("41000001", title=title))
    assert ask_pubmed().title == read


@pytest.mark.parametrize(
    ("notices", "types", "found"),
    [
        (
            [("RetractionIn", "Lancet. 2010 Feb 6;375(9713):445.")],
            ["Journal Article", "Retracted Publication"],
            [Notice("retraction", "Lancet. 2010 Feb 6;375(9713):445. PMID 20137807")],
        ),
        ([], ["Retracted Publication"], [Notice("retraction", "PubMed calls it a retracted publication")]),
        (
            [("ErratumIn", "Gut. 2020;69:1")],
            ["Journal Article"],
            [Notice("correction", "Gut. 2020;69:1 PMID 20137807")],
        ),
        (
            [("ExpressionOfConcernIn", "Gut. 2020;69:2")],
            ["Journal Article"],
            [Notice("concern", "Gut. 2020;69:2 PMID 20137807")],
        ),
        ([("CommentIn", "Gut. 2020;69:3"), ("RetractionOf", "Gut. 2019;1:1")], ["Retraction of Publication"], []),
    ],
)
def test_notices_in_pubmed(registers, notices, types, found):
    registers.articles["41000001"] = pubmed_set(pubmed_article("41000001", notices=notices, types=types))
    assert ask_pubmed().notices == found


def test_a_pmid_that_pubmed_does_not_know(registers):
    with pytest.raises(NotFound, match="PubMed does not know"):
        ask_pubmed("99999999")


def test_an_article_with_another_pmid_is_not_taken(registers):
    registers.articles["41000001"] = pubmed_set(pubmed_article("41000002"))
    with pytest.raises(NotFound):
        ask_pubmed()


LAUGHS = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
FILES = '<!DOCTYPE PubmedArticleSet [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><p>Sign in",
        b"<html></html>",
        b"",
        json.dumps({"error": "API rate limit exceeded", "api-key": "1.2.3.4"}).encode(),
        pubmed_set(pubmed_article("41000001", title="&b;"), doctype=LAUGHS),
        pubmed_set(pubmed_article("41000001", title="&a;"), doctype=FILES),
        pubmed_set(doctype=LAUGHS).decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"),
        b'<?xml version="1.0" encoding="no-such-thing"?><PubmedArticleSet/>',
        pubmed_set("<PubmedArticle><MedlineCitation><PMID>41000001</PMID></MedlineCitation></PubmedArticle>"),
        pubmed_set(pubmed_article("41000001"))[:-40],
    ],
)
def test_an_unusable_answer_of_pubmed(registers, body):
    registers.articles["41000001"] = body
    with pytest.raises(Unreachable, match="not a record"):
        ask_pubmed()
