import re
from html.parser import HTMLParser

import pytest
from django.http import QueryDict

from consultations.forms.inquiry import InquiryForm
from consultations.forms.topics import Topics
from gutskin.storable_text import HAD_UNSTORABLE
from tests.consultations.factories import posted


def form_of(topics=None, **changes):
    data = QueryDict(mutable=True)
    for name, value in posted(**changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return InquiryForm(data, topics=topics)


def test_a_complete_form_is_valid_and_gives_the_answers():
    form = form_of()

    assert form.is_valid(), form.errors
    assert form.answers["name"] == "Amina Okafor"
    assert form.answers["gut_symptoms"] == "bloating,pain"
    assert "consent" not in form.answers


@pytest.mark.parametrize(
    "name",
    [
        "王小明",
        "محمد بن راشد",
        "\u200fשרה כהן\u200e",
        "Zoë O'Connor-Łukasiewicz",
        "e\u0301milie",
        "🌸 Hana 🌸",
        "Ng",
        "<script>alert(1)</script>",
        "'; DROP TABLE consultations_inquiry; --",
        "=HYPERLINK(1)",
        "x" * 200,
    ],
)
def test_names_in_any_script_are_accepted_unchanged(name):
    form = form_of(name=name)

    assert form.is_valid(), form.errors
    assert form.answers["name"] == name


@pytest.mark.parametrize("name", ["Amina\r\nBcc: everybody@example.org", "Amina\n\nhello", "Amina\x0b\x85\u2028Bcc: x"])
def test_a_line_break_in_a_single_line_becomes_a_space(name):
    form = form_of(name=name)

    assert form.is_valid()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", form.answers["name"])


def test_a_line_break_in_the_email_address_is_refused():
    assert "email" in form_of(email="amina@example.org\r\nBcc: x@example.org").errors


@pytest.mark.parametrize(
    "email",
    [
        "amina",
        "amina@",
        "amina@example",
        "a b@example.org",
        "amina@example.org, b@example.org",
        # Allowed by the standard, but no mail can be sent to it.
        '"\x1cBcc:amina"@example.org',
    ],
)
def test_an_invalid_email_address_gets_an_example(email):
    assert "name@example.com" in form_of(email=email).errors["email"][0]


def test_ten_thousand_characters_are_accepted_with_each_line_break_counted_once():
    assert form_of(question="é\r\n" * 5_000).is_valid()


def test_the_error_for_a_longer_text_says_how_long_it_is():
    assert form_of(question="x" * 10_001).errors["question"] == [
        "Please shorten this to 10000 characters. It has 10001 now."
    ]


def test_the_browser_does_not_cut_off_a_pasted_story():
    assert "maxlength" not in str(InquiryForm(topics=Topics())["question"])
    assert 'maxlength="200"' in str(InquiryForm(topics=Topics())["name"])


@pytest.mark.parametrize(
    "field", ["name", "email", "phone", "question", "gut_symptoms", "age_group", "topic", "consent"]
)
def test_nul_is_removed_and_reported_at_its_field(field):
    form = form_of(**{field: "an\0swer"})

    assert field in form.errors
    assert "\0" not in form.data[field]


def test_nul_in_a_story_keeps_the_story():
    form = form_of(question="Why\0 me?")

    assert form.errors["question"] == [HAD_UNSTORABLE]
    assert "Why me?" in str(form["question"])


def test_asking_for_someone_else_requires_the_relationship():
    assert "relationship" in form_of(for_whom="somebody-else").errors
    assert form_of(for_whom="somebody-else", relationship="I am her father").is_valid()


def test_asking_for_oneself_drops_the_relationship():
    form = form_of(for_whom="myself", relationship="I am her father")

    assert form.is_valid()
    assert form.answers["relationship"] == ""


def test_asking_for_a_call_requires_a_phone_number():
    assert "phone" in form_of(preferred_contact="phone").errors
    assert form_of(preferred_contact="phone", phone="+44 20 7946 0000").is_valid()


@pytest.mark.parametrize("field", ["for_whom", "preferred_contact", "age_group", "duration", "gut_symptoms"])
def test_an_answer_that_was_not_offered_is_refused(field):
    assert form_of(**{field: "hacked"}).errors[field] == ["Choose one of the answers shown."]


def test_every_error_of_the_empty_form_is_a_sentence():
    errors = InquiryForm(QueryDict(), topics=Topics()).errors

    assert errors.keys() == {
        "for_whom",
        "name",
        "email",
        "preferred_contact",
        "age_group",
        "skin_problem",
        "duration",
        "question",
        "consent",
    }
    for messages in errors.values():
        assert re.fullmatch(r"[A-Z][^.]{15,}\..*", messages[0])


def test_a_missing_or_garbled_key_is_replaced():
    for key in (None, "", "garbled", "5b0cf0b4"):
        form = form_of(key=key)
        assert form.is_valid()
        assert len(form.data["key"]) == 36


def test_only_a_filled_honeypot_marks_a_bot():
    assert form_of(homepage="https://spam.example").is_bot
    assert form_of(homepage="https://spam.example").data["homepage"] == ""
    assert not form_of(homepage=" ").is_bot


class Page(HTMLParser):
    """Collects ids, links, fields with their attributes and the text of the title."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.fields, self.tags = [], [], {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a":
            self.links.append(attrs.get("href", ""))
        if tag in {"input", "select", "textarea"} and "name" in attrs:
            self.fields.setdefault(attrs["name"], []).append(attrs)


@pytest.fixture
def empty_form_page(client, db):
    return Page(client.post("/consult/", {}).content.decode())


def test_every_link_in_the_error_summary_leads_to_a_field(empty_form_page):
    links = [link for link in empty_form_page.links if link.startswith("#id_")]

    assert len(links) == 9
    fields = {attrs["id"] for found in empty_form_page.fields.values() for attrs in found if "id" in attrs}
    assert {link[1:] for link in links} <= fields


def test_no_id_occurs_twice(empty_form_page):
    assert len(empty_form_page.ids) == len(set(empty_form_page.ids))


def test_every_aria_describedby_id_exists(empty_form_page):
    described = [attrs["aria-describedby"] for _, attrs in empty_form_page.tags if "aria-describedby" in attrs]

    assert described
    assert {name for names in described for name in names.split()} <= set(empty_form_page.ids)


def test_every_label_belongs_to_a_field(empty_form_page):
    labelled = [attrs["for"] for tag, attrs in empty_form_page.tags if tag == "label"]

    assert len(labelled) == len(set(labelled))
    assert set(labelled) <= set(empty_form_page.ids)


def test_the_error_summary_takes_the_focus(empty_form_page):
    summary = next(attrs for _, attrs in empty_form_page.tags if attrs.get("class") == "error-summary")

    assert summary["role"] == "alert"
    assert summary["tabindex"] == "-1"
    assert "autofocus" in summary


def test_the_title_says_that_there_are_errors(client, db):
    assert "<title>Error: Request a consultation" in client.post("/consult/", {}).content.decode()
    assert "<title>Request a consultation" in client.get("/consult/").content.decode()


def test_browsers_can_autofill_contact_details(client, db):
    fields = Page(client.get("/consult/").content.decode()).fields

    assert [fields[name][0]["autocomplete"] for name in ("name", "email", "phone")] == ["name", "email", "tel"]
    assert fields["homepage"][0]["tabindex"] == "-1"
    assert fields["homepage"][0]["autocomplete"] == "off"


def test_optional_fields_say_so_and_required_ones_have_no_star(client, db):
    html = client.get("/consult/").content.decode()

    assert "Your phone number (optional)" in html
    assert "asteriskField" not in html


def test_no_inline_script_or_style(empty_form_page):
    for tag, attrs in empty_form_page.tags:
        assert tag != "style"
        assert not any(name == "style" or name.startswith("on") for name in attrs)
