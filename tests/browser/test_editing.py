"""From a clinician's admin pages to the reader's page, in a real browser."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from playwright.sync_api import expect

from education.models import Article
from tests.browser.waiting import follow
from tests.education.admin_cast import change_url, make_author, make_clinical_reviewer
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_in(page, site, username):
    page.context.add_cookies([cookie_of(User.objects.get(username=username), site)])
    page.goto(f"{site}/admin/")
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()


def test_an_author_writes_a_reviewer_approves_and_readers_see_it(new_page, site, no_axe_violations):
    make_author("ana")
    make_clinical_reviewer("ruth", name="Ruth Okafor")
    acne = Article.objects.get(slug="acne")

    # Given an author who opens the article in the editor
    page = new_page(viewport={"width": 1280, "height": 900})
    log_in(page, site, "ana")
    page.goto(site + change_url(acne))
    text = page.get_by_role("textbox", name="Text")
    expect(text).to_contain_text("It is nobody's fault.")
    no_axe_violations(page)

    # When she adds a sentence with a citation and a glossary word
    text.get_by_text("It is nobody's fault.").click()
    page.keyboard.press("Home")
    page.keyboard.type("Wash your face gently with ")
    page.get_by_role("button", name="Glossary word…").click()
    dialog = page.get_by_role("dialog", name="Explain a word")
    dialog.get_by_label("Search the glossary").fill("microb")
    dialog.get_by_role("option", name=re.compile("^microbe:")).click()
    dialog.get_by_label("Words in the text").fill("no microbes harmed")
    expect(dialog.get_by_label("Glossary word")).to_have_value("microbe")
    no_axe_violations(page)
    dialog.get_by_role("button", name="Mark as glossary word").click()
    expect(text.locator("dfn", has_text="no microbes harmed")).to_be_visible()
    page.get_by_role("button", name="Citation…").click()
    dialog = page.get_by_role("dialog", name="Cite a source")
    dialog.get_by_label("Search by key, author, title, DOI or PMID").fill("zhao")
    dialog.get_by_role("option", name=re.compile("^zhao", re.IGNORECASE)).first.click()
    dialog.get_by_label("Where in it").fill("p. 4")
    dialog.get_by_role("button", name="Insert citation").click()
    expect(text.locator("cite[data-locator='p. 4']")).to_be_visible()
    expect(text).to_be_focused()
    page.keyboard.type(". ")

    # and saves, nothing changes for readers
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    acne.refresh_from_db()
    assert '<dfn data-term="microbe">no microbes harmed</dfn><cite data-ref="zhao' in acne.body
    page.goto(site + acne.get_absolute_url())
    expect(page.get_by_text("Wash your face gently")).to_have_count(0)

    # but her preview shows it
    page.goto(site + change_url(acne))
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Preview").click()
    expect(opened.value.get_by_text("Wash your face gently")).to_be_visible()

    # She submits it
    page.get_by_role("link", name="Submit for review…").click()
    page.get_by_label("Note to the reviewer").fill("One sentence more.")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("The public page stays as it is until someone else approves")).to_be_visible()

    # Then the reviewer reads the difference and approves
    admin = new_page(viewport={"width": 1280, "height": 900})
    log_in(admin, site, "ruth")
    admin.get_by_role("region", name="Waiting for review").get_by_role("link", name=acne.title).click()
    expect(admin.locator("ins")).to_contain_text(["Wash your face gently"])
    expect(admin.get_by_text("One sentence more.")).to_be_visible()
    no_axe_violations(admin)
    follow(admin, admin.get_by_role("link", name="Approve…"))
    no_axe_violations(admin)
    admin.get_by_role("button", name="Approve").click()
    expect(admin.get_by_text("Readers see this revision now.")).to_be_visible()

    # and readers have the sentence, its source and the name of the reviewer
    reader = new_page(viewport={"width": 360, "height": 800})
    reader.goto(site + acne.get_absolute_url())
    expect(reader.get_by_text("Wash your face gently")).to_be_visible()
    expect(reader.get_by_text("Ruth Okafor").first).to_be_visible()


def paste(page, html):
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.querySelector(".ProseMirror").dispatchEvent(paste);
        }""",
        html,
    )


WORD = (
    "<html><head><style><!-- p.MsoNormal{margin:0cm} --></style></head><body><!--StartFragment--><h1>Big heading</h1>"
    "<p class=MsoNormal>With <b style='mso-bidi-font-weight:normal'>bold</b>, "
    "<span style='font-style:italic'>styled italic</span> and <span style=\"font-weight:700\">styled bold</span>, "
    "H<sub>2</sub>O, 10<sup>9</sup> CFU.<o:p></o:p></p>"
    + "".join(
        f"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>{mark}<span>&nbsp;&nbsp;"
        f"</span></span><![endif]>{word}<o:p></o:p></p>"
        for mark, word in (("&middot;", "Oats"), ("&middot;", "Rye"), ("1.", "First"), ("2.", "Second"))
    )
    + "<table><tr><td><p>Food</p></td><td><p>Grams</p></td></tr></table>"
    '<p><a href="https://example.org/x?a=1&amp;b=2" title="t"><span style=\'color:red\'>A link</span></a> and '
    '<img src="file:///C:/x.png" alt="pic"> end.<a name="_ftnref1" href="#_ftn1">[1]</a></p></body></html>'
)
GOOGLE_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
    '<span style="font-weight:400">Plain words</span></p><p dir="ltr"><span style="font-weight:700">Bold words</span>'
    '<span style="font-weight:400;font-style:italic"> italic words</span></p><br><ul><li dir="ltr"><p dir="ltr">'
    "<span>one</span></p></li></ul></b>"
)


@pytest.mark.parametrize(
    "html, saved, left_out",
    [
        (
            WORD,
            "<h2>Big heading</h2><p>With <strong>bold</strong>, <em>styled italic</em> and "
            "<strong>styled bold</strong>, H₂O, 10⁹ CFU.</p>"
            "<ul><li>Oats</li><li>Rye</li></ul><ol><li>First</li><li>Second</li></ol>"
            '<p>Food | Grams</p><p><a href="https://example.org/x?a=1&amp;b=2">A link</a> and end.</p>',
            {"picture", "footnote", "table"},
        ),
        (
            GOOGLE_DOCS,
            "<p>Plain words</p><p><strong>Bold words</strong><em> italic words</em></p><ul><li>one</li></ul>",
            set(),
        ),
    ],
)
def test_what_is_pasted_keeps_its_meaning(page, site, html, saved, left_out):
    make_author("ana")
    log_in(page, site, "ana")
    page.goto(f"{site}/admin/education/article/add/")
    page.get_by_label("Title:").fill("Pasted")
    page.get_by_role("textbox", name="Text").click()
    paste(page, html)
    for name in ("picture", "footnote", "table"):
        expect(page.locator(f"[data-left-out={name}]")).to_be_visible(visible=name in left_out)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert Article.objects.get(title="Pasted").body == saved


def test_what_word_pastes_comes_in_clean(page, site):
    make_author("ana")
    acne = Article.objects.get(slug="acne")
    log_in(page, site, "ana")
    page.goto(site + change_url(acne))
    text = page.get_by_role("textbox", name="Text")
    text.locator("p").first.click()
    paste(
        page,
        "<style>p.MsoNormal {margin: 0}</style><!--StartFragment-->"
        "<p class=MsoNormal style='color:red'><b style='mso-bidi-font-weight:normal'>Bold from Word</b><o:p></o:p></p>"
        '<p style=color:red><img src=x onerror=alert(1)>Plain from Word <a href="javascript:alert(1)">link</a></p>',
    )
    expect(text).to_contain_text("Plain from Word link")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    acne.refresh_from_db()
    assert "<strong>Bold from Word</strong>" in acne.body
    assert "Mso" not in acne.body
    assert "javascript" not in acne.body


def test_without_a_script_the_text_is_edited_as_html(new_page, site):
    make_author("ana")
    acne = Article.objects.get(slug="acne")
    page = new_page(java_script_enabled=False)
    log_in(page, site, "ana")
    page.goto(site + change_url(acne))
    text = page.get_by_role("textbox", name="Text:")
    text.fill(acne.body + "<p>Typed as HTML.</p>")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    acne.refresh_from_db()
    assert acne.body.endswith("<p>Typed as HTML.</p>")
    assert acne.care_cards.count() == 3


def test_what_was_typed_outlives_the_session(new_page, site):
    # Given an author whose session ends while she writes
    make_author("ana")
    acne = Article.objects.get(slug="acne")
    page = new_page(viewport={"width": 1280, "height": 900})
    log_in(page, site, "ana")
    page.goto(site + change_url(acne))
    expect(page.get_by_role("textbox", name="Text")).to_be_visible()
    page.get_by_label("Summary").fill("A sentence that took an hour.")
    page.context.clear_cookies(name="session")

    # When she saves, she is told, and her words stay
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("This was not saved: you are no longer logged in")).to_be_visible()
    expect(page.get_by_label("Summary")).to_have_value("A sentence that took an hour.")

    # and after logging in, in a new tab, the same form can be saved
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log in (opens in a new tab)").click()
    expect(opened.value.get_by_role("heading", name="Log in")).to_be_visible()
    opened.value.wait_for_load_state()
    log_in(opened.value, site, "ana")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    acne.refresh_from_db()
    assert acne.summary == "A sentence that took an hour."


def test_only_the_title_that_was_changed_is_named_in_the_history(page, site):
    """The editor rewrites the text in its own way, and a browser sends other line ends than are stored."""
    make_author("ana")
    acne = Article.objects.get(slug="acne")
    log_in(page, site, "ana")
    page.goto(site + change_url(acne))
    expect(page.get_by_role("textbox", name="Text")).to_contain_text("It is nobody's fault.")
    page.locator("#id_title").fill("Acne and the gut")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    assert LogEntry.objects.latest("pk").get_change_message() == "Changed Title."
