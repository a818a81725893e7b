import pytest
from django.test import Client
from django.urls import reverse

from education.actions import submit_for_review
from education.article_checks import check, warnings
from education.article_checks.language import reading_age
from education.models import Article, Reference
from education.publication_rules import article_problems
from education.readability import is_long_paragraph
from tests.education.admin_cast import article_post, change_url, make_clinical_reviewer
from tests.education.factories import BODY, make_article, make_published_article, make_reference, make_term, make_user
from tests.pages import Page

pytestmark = pytest.mark.django_db

CARD = {"level": "urgent", "heading": "Ask today if:", "items": "fever", "advice": ""}


def found(article, cards=None):
    """The places of each finding, by its name."""
    return {finding.name: finding.places for finding in check(article, cards).advice}


def with_text(html, **values):
    return make_article(body=BODY + html, **values)


def checks_url(article):
    return reverse("admin:education_article_checks", args=[article.pk])


# Findings


def test_an_article_of_our_own_has_few_findings():
    article = make_article(body=BODY + "<p>Your skin keeps water in. Keep it clean.</p>" * 80)
    assert found(article, [CARD]) == {}


def test_long_sentences_are_shown():
    long = "It " + "really " * 20 + "helps"
    assert found(with_text(f"<p>Short. {long}. Short again.</p>"))["sentences"] == [f"“{long}”"]


def test_a_paragraph_of_four_sentences_is_long_and_its_beginning_is_shown():
    text = "One is here. Two is here. Is three here? Four is here, and it goes on for quite some words."
    article = with_text(f"<p>{text}</p><ul><li>One. Two. Three.</li></ul>")
    assert found(article)["paragraphs"] == ["“One is here. Two is here. Is three here? Four is here, …”"]


@pytest.mark.parametrize(
    ("paragraph", "is_long"),
    [
        ("One. Two. Three.", False),
        ("One. Two. Three. Four.", True),
        ("Try this: eat less, e.g. sugar. Two. Three.", False),
        ("It fell by 2.5 points. Two. Three.", False),
        ("“One.” “Two!” (Three?) Four…", True),
        ("", False),
        ("... !!! ???", False),
    ],
)
def test_what_counts_as_a_long_paragraph(paragraph, is_long):
    assert is_long_paragraph(paragraph) is is_long


@pytest.mark.parametrize(
    ("grade", "age"),
    [
        (0.0, "readers of about 5 to 6 years"),
        (6.9, "readers of about 11 to 12 years"),
        (12.9, "readers of about 17 to 18 years"),
        (13.0, "readers with a university education"),
    ],
)
def test_a_reading_grade_is_shown_as_an_age(grade, age):
    assert reading_age(grade) == age


def test_a_grade_above_eight_is_reported():
    learned = "<p>Intestinal permeability correlates with immunological dysregulation.</p>" * 10
    assert any(sentence.startswith("The reading grade is") for sentence in warnings(with_text(learned)))


def test_an_empty_text_has_no_reading_grade():
    panel = check(make_article(body=""))
    assert (panel.words, panel.grade, panel.reading_age) == (0, None, "")


@pytest.mark.parametrize("language", ["es", "ar"])
def test_other_languages_get_no_reading_grade(language):
    panel = check(make_article(language=language, body="<h2>¿Qué?</h2><p>La piel retiene agua.</p>"))
    assert (panel.grade, panel.reading_age) == (None, "")


def test_acronyms_in_brackets_or_in_the_glossary_count_as_explained():
    make_term("short-chain-fatty-acid", also=["SCFA"])
    article = with_text("<p>Irritable bowel syndrome (IBS). IBS, SCFAs, XYZ and ABC.</p>")
    assert "Spell out at first use: ABC, XYZ." in warnings(article)


def test_percentages_are_shown_with_the_words_around_them():
    article = with_text("<p>In one trial of cream it helped 40% of all people who took part in it for a week.</p>")
    assert found(article)["percentages"] == ["“… trial of cream it helped 40% of all people who took …”"]


def test_missing_questions_care_cards_and_actions_are_reported():
    article = make_article(
        body='<h2>Skin</h2><p>The skin is a barrier.<cite data-ref="zhao2025"></cite></p>',
        key_points="It is thick.\nIt is wide.\nIt is old.",
        questions=" ",
    )
    assert {"questions", "actions", "care-cards"} <= found(article).keys()


@pytest.mark.parametrize("text", ["Ask your pharmacist.", "In short: do not scratch.", "Here is what you can try."])
def test_a_call_to_action_is_recognised(text):
    article = make_article(body=f"<h2>Skin</h2><p>{text}</p>", key_points="It is thick.")
    assert "actions" not in found(article)


def test_urgent_words_need_a_care_card_that_says_when_to_get_help():
    article = with_text("<p>This can be an emergency.</p>", kind="mechanism")
    assert "care-cards" in found(article)
    assert "care-cards" in found(article, [CARD | {"level": "non-urgent"}])
    assert "care-cards" not in found(article, [CARD])


def test_the_heading_of_a_care_card_ends_in_if():
    assert found(make_article(), [CARD, CARD | {"heading": "Call now"}])["care-card-headings"] == ["Call now"]


def test_only_a_therapy_gets_the_discern_questions():
    assert check(make_article()).therapy_questions == []
    assert "The risks and harms" in check(make_article("fibre", kind="therapy")).therapy_questions


def test_broken_links_between_our_own_pages_are_named():
    make_published_article("psoriasis")
    make_article("rosacea")
    make_reference("maes2025", status="rejected", status_reason="It does not exist.")
    links = {
        "/conditions/psoriasis/": "",
        "/conditions/psoriasis": "",
        "/conditions/psoriasis/#what-you-can-do": "",
        "/conditions/psoriasis/#part-references": "",
        "/conditions/psoriasis/#moon": "the page has no section with that name.",
        "/conditions/atopic-dermatitis/#what-you-can-do": "",
        "/conditions/nowhere/": "there is no such page.",
        "/therapies/psoriasis/": "there is no such page.",
        "/conditions/rosacea/": "that page is not published.",
        "/nowhere/at/all/": "there is no such page.",
        "/nowhere/": "there is no such page.",
        "/references/zhao2025/": "",
        "/references/zhao1999/": "there is no such reference.",
        "/references/maes2025/": "there is no such reference.",
        "/glossary/#skin-barrier": "",
        "/glossary/#skin-wall": "the glossary has no such word.",
        "/glossary/skin-barrier/": "",
        "/glossary/skin-wall/": "the glossary has no such word.",
        "/evidence/?condition=acne#statement-moon": "there is no such statement.",
        "/evidence/moon/": "there is no such statement.",
        "/consult/?topic=acne": "",
        "#what-you-can-do": "",
        "#moon": "the page has no section with that name.",
        "https://gutskin.example/conditions/gone/": "there is no such page.",
        "https://gutskin.example.com/conditions/gone/": "",
        "https://www.nhs.uk/conditions/gone/": "",
        "mailto:help@example.org": "",
        "tel:112": "",
        "/%zz/%00": "there is no such page.",
    }
    article = with_text("".join(f'<p><a href="{address}">here</a></p>' for address in links))
    assert found(article)["links"] == [f"{address}: {reason}" for address, reason in links.items() if reason]


@pytest.mark.parametrize(
    "address", ["https://[", "/[", "//evil.example", "javascript:alert(1)", "/" * 5000, "?", "#", "/glossary/#%00"]
)
def test_an_invalid_address_does_not_crash(address):
    check(with_text(f'<p><a href="{address}">here</a></p>'))


def test_problems_of_cited_references_are_reported():
    make_reference("nowhere2020", doi="")
    make_reference("mended2020", status="corrected")
    make_reference("open2020", unconfirmed_fields=["volume", "authors after the first"])
    make_reference("mice2020", study_type="animal experiment (mouse)")
    make_reference("both2020", study_type="small human experiment plus mouse")
    article = with_text(
        '<p>A source.<cite data-ref="nowhere2020"></cite><cite data-ref="mended2020"></cite></p>'
        '<p>Another.<cite data-ref="open2020"></cite><cite data-ref="both2020"></cite></p>'
        '<p>In mice it helped.<cite data-ref="mice2020"></cite></p>'
        '<p>It helped.<cite data-ref="mice2020"></cite></p>'
    )
    places = found(article)
    assert places["no-locator"] == ["nowhere2020"]
    assert places["corrected"] == ["mended2020"]
    assert places["unconfirmed"] == ["open2020: volume, authors after the first"]
    assert places["in-mice"] == ["“It helped.”"]


def test_a_merged_duplicate_is_judged_by_the_record_that_was_kept():
    kept = make_reference("kept2020")
    make_reference("double2020", doi="", merged_into=kept)
    assert "no-locator" not in found(with_text('<p>A source.<cite data-ref="double2020"></cite></p>'))


def test_the_panel_shows_the_same_problems_as_publishing():
    make_reference("bad2019", status="retracted", status_reason="Withdrawn by the journal.")
    article = with_text('<p>A proven diet.<cite data-ref="bad2019"></cite><cite data-ref="none1999"></cite></p>')
    assert check(article).blocking == article_problems(article)
    assert len(article_problems(article)) == 3, article_problems(article)


def test_care_cards_in_the_form_count_instead_of_saved_ones():
    article = make_article()
    article.care_cards.create(level="urgent", heading="A miracle if:", items="fever")
    assert check(article, [CARD]).blocking == []
    assert check(article).blocking == ["“miracle” is not a word we use in text for patients."]


def test_a_finding_as_text_names_its_first_place():
    article = with_text("<p>It helps 40% of people.</p>")
    expected = "Write risks as “X out of 10 people”, not as percentages. For example: “It helps 40% of people.”"
    assert expected in warnings(article)


# Care cards; sources, their numbers, what registers said of them, and glossary words for what blocks; acronyms;
# sources; and of what is linked to: pages, references and glossary words.
QUERIES = 11


def test_many_links_and_citations_cost_as_many_queries_as_few(django_assert_num_queries):
    for number in range(12):
        make_reference(f"many{number}")
        make_published_article(f"page-{number}")
    line = (
        '<p>See <a href="/conditions/page-{0}/">it</a>, <a href="/references/many{0}/">it</a> and '
        '<a href="/glossary/#word-{0}">it</a> or <a href="/evidence/{0}/">it</a>.<cite data-ref="many{0}"></cite></p>'
    )
    few = make_article("few", body=BODY + line.format(1))
    lots = make_article("lots", body=BODY + "".join(line.format(number) for number in range(12)))
    for article in (few, lots):
        with django_assert_num_queries(QUERIES):
            check(article)


# The checks panel and the submission page


def test_without_javascript_the_page_shows_checks_of_the_saved_text(client, ana):
    article = make_article(summary="A proven diet.")
    page = client.get(change_url(article)).content.decode()
    assert "As last saved:" in page
    assert "“proven” is not a word we use in text for patients." in page
    assert "300 to 900 read well" in page
    panel = Page(page).one("aside", **{"class": "checks"})
    assert panel["data-checks"] == checks_url(article)


def test_a_new_article_can_be_checked_too(client, ana):
    page = client.get(reverse("admin:education_article_add")).content.decode()
    assert Page(page).one("aside", **{"class": "checks"})["data-checks"] == reverse(
        "admin:education_article_checks_new"
    )
    checked = client.post(reverse("admin:education_article_checks_new"), {"kind": "therapy", "title": "A miracle"})
    assert "“miracle” is not a word" in checked.content.decode()
    assert "The summary is missing." in checked.content.decode()
    assert not Article.objects.exists()


def test_the_posted_text_is_checked_and_nothing_is_saved(client, ana):
    article = make_article()
    posted = article_post(article, [CARD | {"heading": "Call now"}], body=BODY + "<p>A miracle.</p>", title="New <b>")
    response = client.post(checks_url(article), posted)
    piece = response.content.decode()
    assert response.status_code == 200
    assert "As in the form now:" in piece
    assert "“miracle” is not a word" in piece
    assert "<li>Call now</li>" in piece
    assert "<html" not in piece
    assert "no-store" in response.headers["Cache-Control"]
    article.refresh_from_db()
    assert (article.version, article.title) == (1, "Eczema and your gut")
    assert not article.care_cards.exists()


def test_deleted_and_empty_care_cards_are_ignored(client, ana):
    article = make_article()
    rows = [CARD | {"heading": "A miracle if:", "DELETE": "on"}, {"level": "", "heading": "", "items": ""}]
    piece = client.post(checks_url(article), article_post(article, rows)).content.decode()
    assert "miracle" not in piece
    assert "There is no care card." in piece


def test_read_only_fields_are_taken_from_the_article(client, ana):
    article = make_published_article(kind="therapy")
    data = article_post(article)
    for name in ("kind", "slug", "language"):
        del data[name]
    assert (
        "Does this page answer what a page about a treatment" in client.post(checks_url(article), data).content.decode()
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "<p>" * 3000},
        {"body": "<cite data-ref=''><dfn data-term=''>x</dfn></cite><script>alert(1)</script><li><h2>"},
        {"body": "<cite data-ref='" + "x" * 5000 + "'></cite>"},
        {"kind": "nonsense", "language": "xx" * 100, "slug": "../../"},
        {"title": "<img src=x onerror=alert(1)>", "body": "<p>&lt;img src=x onerror=alert(1)&gt; 5% XYZ</p>"},
        {"care_cards-TOTAL_FORMS": "99999999999", "care_cards-0-heading": "x", "care_cards-0-level": "none"},
    ],
)
def test_hostile_markup_is_checked_like_any_other_text(client, ana, changes):
    response = client.post(checks_url(article := make_article()), article_post(article) | changes)
    assert response.status_code == 200
    assert "<img" not in response.content.decode()
    assert "<script" not in response.content.decode()


def test_a_text_of_megabytes_is_not_checked(client, ana):
    article = make_article()
    links = "".join(f'<a href="/conditions/{number}/">x</a>' for number in range(5000))
    piece = client.post(checks_url(article), article_post(article, body=links)).content.decode()
    assert "much too long for a page, and too long to check." in piece
    assert "lead nowhere" not in piece


def test_an_empty_form_can_be_checked(client, ana):
    assert "The summary is missing." not in client.post(checks_url(make_article()), {}).content.decode()


def test_a_get_request_leads_to_the_article(client, ana):
    article = make_article()
    assert client.get(checks_url(article)).headers["Location"] == change_url(article)


def test_an_unknown_article_is_not_found(client, ana):
    assert client.post(reverse("admin:education_article_checks", args=[999]), {}).status_code == 404


@pytest.mark.parametrize("permissions", [[], ["view_article"], ["add_article"], ["view_inquiry"]])
def test_checking_an_article_needs_permission_to_change_it(client, permissions):
    article = make_article()
    client.force_login(make_user("nora", *permissions))
    assert client.post(checks_url(article), {}).status_code == 403


def test_checking_a_new_article_needs_permission_to_add_one(client):
    url = reverse("admin:education_article_checks_new")
    client.force_login(make_user("nora", "view_article", "change_article"))
    assert client.post(url, {}).status_code == 403
    client.force_login(make_user("omar", "add_article"))
    assert client.post(url, {}).status_code == 200


def test_a_visitor_is_redirected_to_the_login(client):
    assert client.post(checks_url(make_article()), {}).status_code == 302


def test_another_site_cannot_post_the_form(client, ana):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post(checks_url(make_article()), {}).status_code == 403


def test_a_user_who_may_only_read_sees_the_checks_without_the_script(client):
    client.force_login(make_clinical_reviewer())
    page = client.get(change_url(make_article(summary="A proven diet."))).content.decode()
    assert "“proven” is not a word" in page
    assert "data-checks=" not in page


def test_the_submission_page_shows_the_same_warnings(client, ana):
    article = with_text("<p>It helps 40% of people.</p>")
    page = client.get(reverse("admin:education_article_submit", args=[article.pk])).content.decode()
    assert "not as percentages. For example: “It helps 40% of people.”" in page
    assert submit_for_review(article, by=ana).number == 1, "advice stops nothing"


def test_a_check_changes_no_reference(ana, client):
    article = make_article()
    before = list(Reference.objects.values())
    client.post(checks_url(article), article_post(article))
    assert list(Reference.objects.values()) == before
