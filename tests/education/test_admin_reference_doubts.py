"""What the import page says about records before they are added, and lists of PMIDs."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from education.models import Reference
from gutskin import limits
from tests.education.register_server import DOI, crossref_work, pubmed_article, pubmed_set, status

pytestmark = pytest.mark.django_db

FILE = reverse("admin:education_reference_lookup_file")
REGISTER = reverse("admin:education_reference_lookup_register")
CYRILLIC = "TY  - JOUR\nTI  - Кожа и кишечник\nPY  - 2020\nER  - \n\nTY  - JOUR\nTI  - Plain\nPY  - 2020\nER  - "


def shown(response):
    return response.content.decode()


def ticked(response):
    return [line["entry"].record.title for line in response.context["preview"] if not line["is_doubtful"]]


def upload(content, **data):
    return {"file": SimpleUploadedFile("itch.ris", content)} | data


def test_records_with_guessed_letters_say_so_and_are_not_ticked(client, ana):
    response = client.post(FILE, upload(CYRILLIC.encode("cp1251")))

    assert "they were read as Cyrillic (Windows-1251): Кожа, кишечник." in shown(response)
    assert ticked(response) == ["Plain"]
    assert shown(response).count("checked>") == 1


def test_letters_that_are_certain_in_any_encoding_are_not_called_guessed(client, ana):
    text = "TY  - JOUR\nTI  - 10<sup>9</sup> CFU\nPY  - 2020\nER  - \n\nTY  - JOUR\nTI  - Über Ekzeme\nER  - "
    response = client.post(FILE, upload(text.encode("cp1252")))

    assert ticked(response) == ["10⁹ CFU"]


def test_a_preprint_is_previewed_with_its_server_and_day(client, ana):
    text = "TY  - JOUR\nTI  - Itch\nT2  - medRxiv\nPY  - 2020\nDA  - 2020/03/04\nER  - "
    html = shown(client.post(FILE, {"text": text}))

    assert "Itch. medRxiv [Preprint]. 2020 Mar 4." in html
    assert "· Preprint" in html
    client.post(FILE, {"text": text, "entry": "0", "add": "1"})
    assert Reference.objects.get().posted == datetime.date(2020, 3, 4)


def test_letters_that_are_certain_need_no_remark(client, ana):
    response = client.post(FILE, upload(CYRILLIC.encode()))

    assert "encoded" not in shown(response)
    assert ticked(response) == ["Кожа и кишечник", "Plain"]


def test_a_person_can_say_how_the_letters_are_encoded(client, ana):
    turkish = "TY  - JOUR\nTI  - Kaşıntı ve ışık\nER  - ".encode("cp1254")

    assert "Kaşıntı ve ışık" in shown(client.post(FILE, upload(turkish, encoding="cp1254")))
    assert "not encoded like that" in shown(client.post(FILE, upload(turkish, encoding="utf-8")))
    assert "Select a valid choice" in shown(client.post(FILE, upload(turkish, encoding="rot13")))


@pytest.mark.parametrize(
    "title, sentence",
    [
        ("RETRACTED: A trial of fibre", "was retracted, withdrawn or removed"),
        ("[Retracted] A trial of fibre", "was retracted, withdrawn or removed"),
        ("REMOVED: A trial of fibre", "was retracted, withdrawn or removed"),
        ("RETRACTED ARTICLE: A trial of fibre", "was retracted, withdrawn or removed"),
        ("A trial of fibre [Retracted]", "was retracted, withdrawn or removed"),
        ('Retraction notice to "A trial of fibre"', "the notice of a retraction"),
        ("Retraction: A trial of fibre", "the notice of a retraction"),
        ("Expression of Concern: A trial of fibre", "an expression of concern"),
        ('Corrigendum to: "A trial of fibre"', "the notice of a correction"),
        ("Author Correction: A trial of fibre", "the notice of a correction"),
        ("Correction to: A trial of fibre", "the notice of a correction"),
        ("Correction of iron deficiency and the skin", ""),
        ("Retraction of the foreskin", ""),
        ("Retracted eyelids and the skin", ""),
        ("Withdrawal of steroids from the skin", ""),
        ("Removal of warts: a trial", ""),
    ],
)
def test_words_of_retraction_in_titles_are_raised(client, ana, title, sentence):
    response = client.post(FILE, {"text": f"TY  - JOUR\nTI  - {title}\nPY  - 2020\nER  - "})

    assert ("Its title says" in shown(response)) == bool(sentence)
    assert sentence in shown(response)
    assert ticked(response) == ([] if sentence else [title])


def test_what_was_left_out_is_in_the_history_of_the_reference(client, ana):
    text = "TY  - JOUR\nTI  - Itch\nUR  - https://ezproxy.example.edu/1\nPB  - " + "Press " * 50 + "\nER  - "
    client.post(FILE, {"text": text, "entry": "0", "add": "1"})

    assert Reference.objects.get().unconfirmed_fields == ["publisher"]
    message = LogEntry.objects.get().get_change_message()
    assert "through a proxy or after a log-in was left out" in message
    assert "“publisher” is longer than 200 characters, and was cut" in message


def test_an_odd_address_does_not_refuse_the_import(client, ana):
    text = "".join(f"TY  - JOUR\nTI  - Itch {n}\nUR  - http://exa mple/{n}\nER  - \n" for n in range(2))
    client.post(FILE, {"text": text, "entry": ["0", "1"], "add": "1"})

    assert list(Reference.objects.values_list("url", flat=True)) == ["", ""]


def test_a_list_of_pmids_is_looked_up_in_one_request(client, ana, registers):
    registers.articles["41000001,99999999"] = pubmed_set(pubmed_article("41000001", doi=DOI))
    response = client.post(FILE, {"text": "PMID: 41000001\nPMID: 99999999, 41000001"})

    assert "The gut-skin axis: Emerging insights" in shown(response)
    assert "PubMed does not know this number." in shown(response)
    assert "PMID 99999999" in shown(response)

    client.post(FILE, {"text": response.context["text"], "entry": "0", "add": "1"})
    assert Reference.objects.get().doi == DOI
    assert len(registers.requests) == 1


def test_a_list_of_pmids_in_a_file_is_looked_up(client, ana, registers):
    registers.articles["41000001"] = pubmed_set(pubmed_article("41000001"))
    assert "Emerging insights" in shown(client.post(FILE, upload(b"41000001\r\n")))


def test_a_list_of_pmids_keeps_what_was_typed_while_pubmed_is_away(client, ana, registers):
    registers.articles["41000001"] = status(503)
    response = client.post(FILE, {"text": "41000001"})

    assert "PubMed is busy. Try again later." in shown(response)
    assert "41000001</textarea>" in shown(response)


def test_a_list_of_too_many_pmids_is_refused(client, ana, registers):
    numbers = "\n".join(str(number) for number in range(1, limits.MOST_LISTED_PMIDS + 2))
    assert "At most 100 can be looked up at a time" in shown(client.post(FILE, {"text": numbers}))
    assert registers.requests == []


def test_remarks_on_a_record_of_a_register_are_shown(client, ana, registers):
    registers.works[DOI] = crossref_work(DOI, **{"update-to": [{"DOI": "10.1234/paper", "type": "retraction"}]})
    page = shown(client.post(REGISTER, {"number": DOI}, follow=True))

    assert "Crossref calls it a notice (retraction) about 10.1234/paper; it is not the paper." in page


@pytest.mark.parametrize(
    ("text", "is_ticked"),
    [
        ("TY  - JOUR\nTI  - Itch\nER  - ", False),
        ("TY  - JOUR\nTI  - Itch\nPY  - 2020\nER  - ", True),
        ("TY  - JOUR\nTI  - Itch\nAU  - Lee, A\nPY  - 2020\nER  - ", True),
        ("TY  - RPRT\nTI  - Itch\nPB  - NICE\nPY  - 2021\nER  - ", True),
        ("TY  - JOUR\nTI  - Itch\nDO  - 10.1234/itch\nER  - ", True),
        ("@article{a, title={Itch}}", False),
        ('[{"type": "article-journal", "title": "Itch"}]', False),
    ],
)
def test_a_record_with_nothing_but_a_title_is_not_ticked(client, ana, text, is_ticked):
    response = client.post(FILE, {"text": text})

    assert ticked(response) == (["Itch"] if is_ticked else [])
    assert ("nothing but a title" in shown(response)) is not is_ticked
    client.post(FILE, {"text": text, "entry": "0", "add": "1"})
    assert Reference.objects.get().title == "Itch", "whoever ticks it gets it"
