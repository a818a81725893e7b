"""Raised and lowered digits in what people paste: read as education/xml_text.py reads them elsewhere."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from education.models import Article
from tests.browser.test_editing import log_in, paste
from tests.education.admin_cast import make_author
from tests.education.test_raised_digits import IN_HTML

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLIPBOARD = Path(__file__).parent / "clipboard"
BY_STYLE = [
    ('10<span style="font-size:0.6em;vertical-align:super;">9</span>', "10⁹"),
    ('CO<span style="font-size:0.6em;vertical-align:sub;">2</span>', "CO₂"),
    ("10<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>9</span>", "10⁹"),
    ("CO<span style='position:relative;top:3.0pt;mso-text-raise:-3.0pt'>2</span>", "CO₂"),
    ('10<span style="vertical-align:baseline">9</span>', "109"),
]


@pytest.fixture
def editor(page, site):
    make_author("ana")
    log_in(page, site, "ana")
    page.goto(f"{site}/admin/education/article/add/")
    page.get_by_label("Title:").fill("Pasted")
    text = page.get_by_role("textbox", name="Text")
    text.click()
    return text


def test_pasted_digits_keep_their_meaning(page, editor):
    cases = [*IN_HTML, *BY_STYLE]
    paste(page, "".join(f"<p>{html}</p>" for html, _read in cases))

    expect(editor.locator("p")).to_have_text([read for _html, read in cases])


def test_word_keeps_its_raised_and_lowered_digits(page, editor):
    paste(page, (CLIPBOARD / "word.html").read_text("utf-8"))
    expect(editor).to_contain_text("H₂O, 10⁹ CFU")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()

    body = Article.objects.get(title="Pasted").body
    assert "H₂O, 10⁹ CFU a day." in body.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "<ul><li>Oats</li><li>Rye</li></ul>" in body


def test_google_docs_pastes_as_it_looks(page, editor):
    paste(page, (CLIPBOARD / "google-docs.html").read_text("utf-8"))
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()

    assert Article.objects.get(title="Pasted").body == (
        "<p>Plain para from Docs</p><p><strong>Bold words</strong><em> italic words</em></p><ul><li>one</li></ul>"
    )
