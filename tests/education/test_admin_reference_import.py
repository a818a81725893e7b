"""Adding references in admin: by DOI or PMID, or from a file."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from education.models import Reference
from tests.education.admin_cast import form_values, make_author, make_clinical_reviewer
from tests.education.factories import make_reference
from tests.education.register_server import DOI, crossref_work, status

pytestmark = pytest.mark.django_db

REGISTER = reverse("admin:education_reference_lookup_register")
FILE = reverse("admin:education_reference_lookup_file")
ADD = reverse("admin:education_reference_add")
RIS = "TY  - JOUR\nTI  - The gut and the skin\nAU  - Deng, Yan\nPY  - 2018\nDO  - 10.1234/deng\nER  - \n"


def shown(response):
    return response.content.decode()


# Add by DOI or PMID


@pytest.mark.parametrize("typed", [DOI, f"https://doi.org/{DOI}", f" doi:{DOI}. "])
def test_the_form_is_filled_in_with_the_answer_of_crossref(client, ana, registers, typed):
    response = client.post(REGISTER, {"number": typed}, follow=True)
    page = shown(response)
    assert f"What Crossref says about {DOI}" in page
    values = form_values(response)
    assert (values["key"], values["doi"], values["year"]) == ("zhao2025", DOI, 2025)
    assert values["authors"] == "Zhao Y\nYu C"
    assert values.get("unconfirmed_fields", "") == ""
    assert not Reference.objects.exists(), "nothing is stored before a person has looked"

    response = client.post(response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"], values)
    assert response.status_code == 302
    reference = Reference.objects.get()
    assert (reference.status, reference.checked_by) == ("confirmed", "ana")
    assert reference.checks.get().outcome == "agrees"


def test_a_value_that_was_changed_before_saving_is_not_confirmed(client, ana, registers):
    response = client.post(REGISTER, {"number": DOI}, follow=True)
    values = form_values(response) | {"volume": "57"}
    client.post(f"{ADD}?found={DOI}", values)
    reference = Reference.objects.get()
    assert (reference.status, reference.volume, reference.checks.get().outcome) == ("unchecked", "57", "differs")


def test_a_pmid_is_looked_up_at_pubmed(client, ana, registers):
    response = client.post(REGISTER, {"number": "PMID: 41000001"}, follow=True)
    assert "What PubMed says about 41000001" in shown(response)
    assert form_values(response)["pmcid"] == "PMC12494302"


def test_a_retraction_is_shown_before_saving(client, ana, registers):
    notice = {"DOI": "10.3892/ijmm.2026.1", "type": "retraction"}
    registers.works[DOI] = crossref_work(DOI, **{"updated-by": [notice]})
    response = client.post(REGISTER, {"number": DOI}, follow=True)
    assert "This paper was retracted:" in shown(response)
    values = form_values(response)
    assert values["status"] == "retracted"
    assert values["status_reason"] == "Crossref says that this paper was retracted: 10.3892/ijmm.2026.1."
    client.post(f"{ADD}?found={DOI}", values)
    assert Reference.objects.get().status == "retracted"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (status(404, b"Resource not found."), "Crossref does not know this number."),
        (status(500), "Crossref answered with an error (500)."),
        (status(429, b"", Retry_After="1"), "Crossref is busy. Try again later."),
        (b"<html>Sign in</html>", "Crossref sent something that is not a record."),
    ],
)
def test_without_an_answer_the_empty_form_keeps_the_doi(client, ana, registers, answer, sentence):
    registers.works[DOI] = answer
    page = client.post(REGISTER, {"number": DOI})
    assert sentence in shown(page)
    assert f'value="{DOI}"' in shown(page), "what was typed is kept"
    by_hand = client.get(page.context["by_hand"])
    assert form_values(by_hand)["doi"] == DOI


def test_offline_the_empty_form_keeps_the_doi(client, ana):
    page = client.post(REGISTER, {"number": DOI})
    assert "Crossref cannot be reached from here." in shown(page)
    assert form_values(client.get(page.context["by_hand"]))["doi"] == DOI


def test_a_paper_that_we_have_is_not_looked_up(client, ana, registers):
    make_reference("zhao2025", doi=DOI.upper())
    assert "We already have this one, as zhao2025" in shown(client.post(REGISTER, {"number": DOI}))
    assert registers.requests == []


@pytest.mark.parametrize(
    "typed", ["", "zhao2025", "10.3892/", "<script>alert(1)</script>", "../../etc/passwd", "1" * 301]
)
def test_an_invalid_number_is_explained(client, ana, registers, typed):
    page = shown(client.post(REGISTER, {"number": typed}))
    assert "errorlist" in page
    assert "<script>alert" not in page
    assert registers.requests == []


def test_hostile_text_from_a_register_is_escaped(client, ana, registers):
    registers.works[DOI] = crossref_work(
        DOI, title=["&lt;script&gt;alert(1)&lt;/script&gt; 5 < 6"], publisher="<b onx=1>"
    )
    page = shown(client.post(REGISTER, {"number": DOI}, follow=True))
    assert "<script>alert" not in page
    assert "<b onx" not in page


def test_an_unknown_number_in_the_address_gives_the_empty_form(client, ana):
    response = client.get(f"{ADD}?found=10.1234/nobody")
    assert response.status_code == 200
    assert "found-heading" not in shown(response)


# Import a file


def test_a_file_is_shown_before_anything_is_added(client, ana):
    make_reference("known", doi="10.1234/known")
    text = RIS + RIS.replace("deng", "known").replace("gut", "knee") + "TY  - JOUR\nAU  - Nobody\nER  - \n"
    response = client.post(FILE, {"file": SimpleUploadedFile("export.ris", text.encode("utf-16"))})
    page = shown(response)
    assert "Add as deng2018" in page
    assert "We already have it, as known" in page
    assert "It has no title." in page
    assert Reference.objects.count() == 1

    response = client.post(FILE, {"text": response.context["text"], "entry": ["0"], "add": "1"})
    assert response.status_code == 302
    added = Reference.objects.get(key="deng2018")
    assert (added.authors, added.doi, added.status) == (["Deng Y"], "10.1234/deng", "unchecked")
    assert "1 reference was added: deng2018" in [str(message) for message in get_messages(response.wsgi_request)]


def test_pasted_text_is_read_like_a_file(client, ana):
    bibtex = "@article{x, title={Leaky}, author={R{\\'i}os, Ana}, year={2020}, doi={10.1234/x}}"
    assert "Add as rios2020" in shown(client.post(FILE, {"text": bibtex}))
    client.post(FILE, {"text": bibtex, "entry": "0", "add": "1"})
    assert Reference.objects.get().authors == ["Ríos A"]


def test_problems_of_an_entry_are_in_the_preview(client, ana):
    text = RIS.replace("10.1234/deng", "10.3389/fmicb.2025.112034")
    assert "Article numbers of Frontiers from 2025 have 7 digits" in shown(client.post(FILE, {"text": text}))


def test_nothing_is_half_imported(client, ana):
    text = RIS + RIS.replace("deng", "second").replace("gut", "knee")
    make_reference("meanwhile", doi="10.1234/second")
    page = shown(client.post(FILE, {"text": text, "entry": ["0", "1"], "add": "1"}))
    assert "has since been added, as meanwhile. Nothing was imported." in page
    assert '<input type="checkbox" name="entry" value="0" checked> Add as deng2018' in page
    assert Reference.objects.count() == 1


def test_a_refused_import_keeps_the_choice(client, ana):
    text = RIS + RIS.replace("deng", "second").replace("gut", "knee")
    make_reference("meanwhile", doi="10.1234/deng")
    page = shown(client.post(FILE, {"text": text, "entry": ["0"], "add": "1"}))
    assert '<input type="checkbox" name="entry" value="1">' in page


@pytest.mark.parametrize("entry", [[], ["7"], ["x"], ["-1"], ["²"], ["1" * 30]])
def test_choosing_nothing_is_refused(client, ana, entry):
    page = shown(client.post(FILE, {"text": RIS, "entry": entry, "add": "1"}))
    assert "Choose at least one reference." in page
    assert not Reference.objects.exists()


@pytest.mark.parametrize("number", ["9" * 5_000, "-1", "²", "1e0"])
def test_an_unknown_entry_number_chooses_nothing(client, ana, number):
    response = client.post(FILE, {"text": RIS, "add": "1", "entry": number})
    assert "Choose at least one reference." in shown(response)
    assert not Reference.objects.exists()


def test_only_one_of_several_files_is_read(client, ana):
    files = [SimpleUploadedFile(f"{name}.ris", RIS.encode()) for name in "abc"]
    request = client.post(FILE, {"file": files}).wsgi_request
    assert len(request.FILES.getlist("file")) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "It is empty."),
        ({"text": "Dear colleague"}, "not in a format"),
        ({"text": "TY  - JOUR\0"}, "Null characters are not allowed."),
        ({"file": SimpleUploadedFile("a.ris", b"")}, "It is empty."),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\0\0")}, "not a text file"),
        ({"file": SimpleUploadedFile("a.ris", b"TY  - JOUR\n" * 100_000)}, "larger than 1 MB"),
    ],
    ids=["nothing", "letter", "nul", "empty", "pdf", "large"],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_message(client, ana, data, sentence):
    if "file" in data:
        data["file"].seek(0)
    response = client.post(FILE, data)
    assert response.status_code == 200
    assert sentence in shown(response)


def test_files_are_accepted_on_this_page_only(client, ana):
    upload = SimpleUploadedFile("export.ris", RIS.encode())
    response = client.post(REGISTER, {"number": "x", "file": upload})
    assert not response.wsgi_request.FILES


def test_a_file_from_another_site_is_refused():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_author())
    assert strict.post(FILE, {"text": RIS, "entry": "0", "add": "1"}).status_code == 403
    assert not Reference.objects.exists()


def test_uploading_needs_permission_to_add_references(client):
    upload = {"file": SimpleUploadedFile("export.ris", RIS.encode())}
    response = client.post(FILE, upload)
    assert response.url.startswith(reverse("account_login"))
    client.force_login(make_clinical_reviewer())
    upload["file"].seek(0)
    response = client.post(FILE, upload)
    assert response.status_code == 403
    assert not response.wsgi_request.FILES
