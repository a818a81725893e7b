import pytest

from education import publication_rules
from education.actions.articles import snapshot
from education.models import Reference
from tests.education.factories import BODY, make_article, make_reference, make_statement

pytestmark = pytest.mark.django_db


def test_a_sound_article_has_no_problems():
    assert publication_rules.article_problems(make_article()) == []


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"summary": "  "}, "The summary is missing."),
        ({"key_points": "Only one."}, "three to five sentences"),
        ({"actions": " \n\u200b"}, "“What you can do” is missing. Name at least one thing"),
        ({"body": BODY.replace("h2", "h3")}, "no heading of the second level"),
        ({"body": "<h2>Hello</h2><p>Nothing cited.</p>"}, "cites no reference"),
        ({"body": BODY.replace("zhao2025", "nobody1999")}, "“nobody1999” does not exist"),
        ({"body": BODY.replace("skin-barrier", "skin-wall")}, "no word “skin-wall”"),
        ({"conflicts_of_interest": ""}, "conflicts of interest is missing"),
        ({"title": "A miracle for your skin"}, "“miracle” is not a word"),
        ({"conflicts_of_interest": "None, and the cream cures."}, "“cures” is not a word"),
        ({"questions": "Is it proven?"}, "“proven” is not a word"),
        ({"body": BODY + "<p>This heals the gut.</p>"}, "“heals the gut” is not a word"),
        ({"questions": "Does it heal\u00a0your  gut?"}, "“heal your gut” is not a word"),
        ({"questions": "Is a de\u00adtox safe?"}, "“detox” is not a word"),
    ],
)
def test_each_problem_of_an_article_is_a_sentence(values, complaint):
    problems = publication_rules.article_problems(make_article(**values))

    assert any(complaint in problem for problem in problems), problems


def test_what_was_approved_before_actions_were_needed_is_published_all_the_same():
    revision = snapshot(make_article(actions=""))

    assert publication_rules.revision_problems(revision) == []
    assert len(publication_rules.approval_problems(revision)) == 1


@pytest.mark.parametrize("status", ["retracted", "rejected"])
def test_a_flagged_reference_stops_the_article_that_cites_it(status):
    article = make_article()
    Reference.objects.filter(key="zhao2025").update(status=status, status_reason="It does not exist.")

    (problem,) = publication_rules.article_problems(article)

    assert "zhao2025" in problem
    assert "It does not exist." in problem


@pytest.mark.parametrize(
    ("certainty", "effect", "sentence", "fits"),
    [
        ("high", "better", "Creams with azelaic acid reduce bumps.", True),
        ("high", "better", "Creams may reduce bumps.", False),
        ("moderate", "better", "Doxycycline probably reduces bumps.", True),
        ("moderate", "better", "Doxycycline reduces bumps.", False),
        ("low", "better", "Fewer calories may ease psoriasis.", True),
        ("low", "better", "Fewer calories probably ease psoriasis.", False),
        ("very-low", "unclear", "The evidence is very uncertain about diet in rosacea.", True),
        ("very-low", "unclear", "Diet may help rosacea.", False),
        ("", "no-trials", "We found no trials of probiotics in people with rosacea.", True),
        ("", "no-trials", "There is nothing on probiotics in rosacea.", False),
        ("", "no-good-evidence", "We found no good evidence on this.", True),
        ("low", "better", "In mayflies nothing is known.", False),
    ],
)
def test_a_sentence_must_have_the_word_of_its_certainty(certainty, effect, sentence, fits):
    assert (publication_rules.sentence_problems(sentence, certainty, effect) == []) is fits


def test_a_rated_statement_needs_a_reference():
    statement = make_statement(make_article(), references=[])

    assert publication_rules.statement_problems(statement) == [
        "A statement with a certainty needs at least one reference."
    ]


def test_a_statement_cannot_rest_on_a_rejected_reference():
    bad = make_reference("maes2025", status="rejected", status_reason="It does not exist.")
    statement = make_statement(make_article(), references=[bad])

    assert "maes2025" in publication_rules.statement_problems(statement)[0]


@pytest.mark.parametrize("part", ["heading", "items", "advice"])
def test_forbidden_words_are_found_in_care_cards(part):
    card = {"heading": "Call now if:", "items": "you feel faint", "advice": "Go today."}
    article = make_article()
    article.care_cards.create(level="emergency", **card | {part: "A miracle if:"})

    assert publication_rules.article_problems(article) == ["“miracle” is not a word we use in text for patients."]


def test_forbidden_words_are_found_in_statements():
    statement = make_statement(make_article(), sentence="Probiotics probably are a proven help.", state="draft")

    assert publication_rules.statement_problems(statement) == ["“proven” is not a word we use in text for patients."]
