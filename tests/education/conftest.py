import pytest

from education.leaflets import generate, pdf
from tests.education import register_server
from tests.education.admin_cast import make_author, make_clinical_reviewer
from tests.education.grown_site import grow


@pytest.fixture
def ana(client, db):
    """An author who has just logged in with `client`. A test that needs Ana logged out makes its own."""
    user = make_author()
    client.force_login(user)
    return user


@pytest.fixture
def ruth(client, db):
    """A clinical reviewer who has just logged in with `client`."""
    user = make_clinical_reviewer()
    client.force_login(user)
    return user


@pytest.fixture
def registers(settings):
    """Crossref and PubMed as two paths of one local server, each with one paper."""
    with register_server.running(settings) as registers:
        doi = register_server.DOI
        registers.works[doi] = register_server.crossref_work(doi)
        article = register_server.pubmed_article("41000001", doi=doi)
        registers.articles["41000001"] = register_server.pubmed_set(article)
        yield registers


@pytest.fixture
def printed(monkeypatch):
    """A stand-in for the PDF library. Returns the list of what it was given to print, in its fullest form."""
    given = []

    def print_pdf(variants, css, *, format, identifier, most_pages):
        given.append((format, variants[0]))
        return f"%PDF-1.7 {format} {identifier}".encode(), 4

    monkeypatch.setattr(generate, "print_pdf", print_pdf)
    monkeypatch.setattr(pdf, "_missing_requirement", lambda: "")
    monkeypatch.setattr(pdf.importlib.metadata, "version", lambda name: "70.0")
    monkeypatch.setattr(generate, "_not_before", {})
    return given


@pytest.fixture
def grown(db):
    grow()
