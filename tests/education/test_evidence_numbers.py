"""What a statement holds besides its sentence: numbers, the search behind “no trials”, and who recommends something."""

import datetime
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from education.actions import ActionRefused, approve_statement, merge_references, revise_statement
from education.evidence_numbers import sentences, shown_number, stored_numbers
from education.models import EvidenceNumber, EvidenceStatement, Reference
from tests.education.admin_cast import change_url, make_author, make_clinical_reviewer
from tests.education.factories import make_article, make_published_article, make_reference, make_statement

pytestmark = pytest.mark.django_db
EVIDENCE = "/conditions/acne/more/"

SEARCH = {
    "search_where": "PubMed",
    "search_words": "probiotic rosacea trial\nsynbiotic rosacea",
    "search_date": datetime.date(2026, 11, 29),
    "search_by": "Ruth Okafor",
    "search_nearest": "A series of 8 people.",
}
NOTHING = {"effect": "no-trials", "certainty": "", "sentence": "We found no trials of probiotics for rosacea."}


def people(source, **values):
    return {
        "what": "Acne became milder",
        "with_count": 50,
        "without_count": 29,
        "out_of": 100,
        "source": source,
    } | values


@pytest.fixture
def paper():
    return make_reference("eguren2024", doi="10.2340/x")


@pytest.fixture
def acne():
    return make_published_article("acne", title="Acne and your gut")


def test_a_number_is_told_in_words_and_drawn_with_the_same_count(client, acne, paper):
    number = people(paper, with_label="on one probiotic", after="12 weeks", low=31, high=66, who="Adults with acne")
    make_statement(acne, references=[paper], numbers=[number])

    page = client.get(EVIDENCE).content.decode()

    assert "Acne became milder: 50 in 100 on one probiotic, 29 in 100 without it." in page
    assert "The true figure on one probiotic may be from 31 to 66." in page
    assert "After 12 weeks." in page
    assert "Adults with acne." in page
    affected = re.findall(r'class="people__affected" d="([^"]*)"', page)
    others = re.findall(r'class="people__others" d="([^"]*)"', page)
    assert [marks_of(path) for path in affected] == [50, 29]
    assert [marks_of(path) for path in others] == [50, 71]


def marks_of(path):
    """How many dots the dashes of a path leave: one at its beginning and one every ten units."""
    return sum(int(length) // 10 + 1 for length in re.findall(r"h(\d+)\.1", path))


@pytest.mark.parametrize("out_of", [100, 1000])
def test_every_count_is_drawn_as_so_many_marks_and_no_mark_twice(out_of):
    for count in {0, 1, 9, 10, 11, 39, 40, 41, 99, 100, out_of - 1, out_of}:
        values = {
            "what": "x", "who": "", "with_count": count, "without_count": None, "out_of": out_of, "low": None,
            "high": None, "with_label": "", "without_label": "", "difference": "", "interval_words": "", "scale": "",
            "noticeable": "", "after": "", "is_harm": False, "source": "y",
        }  # fmt: skip
        (array,) = shown_number(values).arrays
        assert (marks_of(array.affected), marks_of(array.others)) == (count, out_of - count)
        places = [place for path in (array.affected, array.others) for place in places_of(path)]
        assert len(set(places)) == len(places) == out_of


def places_of(path):
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)\.1", path):
        yield from ((int(x) + step, int(y)) for step in range(0, int(length) + 1, 10))


def test_a_difference_on_a_scale_has_no_drawing(acne, paper):
    number = {"what": "Eczema score", "difference": "3 to 4 points lower", "scale": "0 to 103", "source": paper}
    statement = make_statement(acne, references=[paper], numbers=[number | {"noticeable": "about 9 points"}])

    (shown,) = statement.shown_numbers
    assert sentences(shown) == [
        "Eczema score: 3 to 4 points lower.", "The scale goes from 0 to 103.", "People notice about 9 points.",
    ]  # fmt: skip
    assert not shown_number(shown).arrays


@pytest.mark.parametrize(
    "values",
    [
        {"with_count": 101},
        {"without_count": 101},
        {"low": 60, "high": 70},
        {"low": 40, "high": 101},
        {"out_of": None},
        {"difference": "lower"},
        {"with_count": None},
    ],
)
def test_the_database_refuses_an_impossible_number(acne, paper, values):
    statement = make_statement(acne, references=[paper])
    with pytest.raises(IntegrityError), transaction.atomic():
        statement.numbers.create(**people(paper, **values))


def test_a_harm_is_named_as_one(client, acne, paper):
    make_statement(acne, references=[paper], numbers=[people(paper, is_harm=True)])

    assert "Harm:" in client.get(EVIDENCE).content.decode()


def test_a_draft_copies_the_numbers_and_readers_see_the_old_ones_until_it_is_approved(client, acne, paper):
    statement = make_statement(acne, references=[paper], numbers=[people(paper)])
    draft = revise_statement(statement, by=make_author())
    draft.numbers.update(with_count=60)
    assert "50 in 100 with it" in client.get(EVIDENCE).content.decode()

    approve_statement(draft, by=make_clinical_reviewer())

    page = client.get(EVIDENCE).content.decode()
    assert "60 in 100 with it" in page
    assert "50 in 100" not in page
    assert EvidenceNumber.objects.filter(statement=statement).get().with_count == 50


def test_a_number_whose_source_is_not_cited_stops_the_approval(acne, paper):
    draft = make_statement(acne, state="draft", numbers=[people(paper)])
    with pytest.raises(ActionRefused, match="its source eguren2024 is not among the references"):
        approve_statement(draft, by=make_clinical_reviewer())


def test_a_merged_source_is_followed(acne, paper):
    make_reference("same2024", doi="10.2340/x2")
    statement = make_statement(acne, references=[paper], numbers=[people(paper)])
    merge_references(paper, into=Reference.objects.get(key="same2024"), by=make_author())

    assert statement.numbers.get().source.key == "same2024"


def test_how_a_number_was_worked_out_and_notes_are_for_staff_only(client, acne, paper):
    make_statement(acne, references=[paper], staff_note="TO BE CHECKED", numbers=[people(paper, worked_out="20 OF 40")])
    addresses = ["/conditions/acne/", "/conditions/acne/more/", "/evidence/", "/evidence.json", "/evidence.csv", "/"]
    for address in addresses:
        page = client.get(address).content.decode()
        assert "TO BE CHECKED" not in page
        assert "20 OF 40" not in page


def test_no_trials_says_when_and_how_somebody_looked(client, acne):
    make_statement(acne, references=[], **NOTHING | SEARCH)
    with time_machine.travel("2026-12-01"):
        page = client.get(EVIDENCE).content.decode()
        more = client.get(EVIDENCE).content.decode()

    assert "We found no trials of probiotics for rosacea (last looked 29 November 2026)." in page
    for words in ("PubMed", "probiotic rosacea trial", "synbiotic rosacea", "Ruth Okafor", "A series of 8 people."):
        assert words in more
    assert "more than a year ago" not in more


@pytest.mark.parametrize(
    ("read", "words"),
    [(None, "How many records were read was not counted."), (1, "One record was read."), (40, "40 records were read.")],
)
def test_a_search_says_how_many_records_were_read(client, acne, read, words):
    make_statement(acne, references=[], **NOTHING | SEARCH | {"search_read": read})

    page = client.get(EVIDENCE).content.decode()

    assert words in page
    assert page.count("was not counted") == (read is None)


def test_an_old_search_says_that_it_is_due(client, acne):
    make_statement(acne, references=[], **NOTHING | SEARCH)
    with time_machine.travel("2027-11-30"):
        assert "more than a year ago" in client.get("/conditions/acne/more/").content.decode()


@pytest.mark.parametrize("missing", ["search_where", "search_words", "search_date", "search_by"])
def test_no_trials_cannot_be_published_without_its_search(acne, missing):
    empty = None if missing == "search_date" else ""
    draft = make_statement(acne, state="draft", references=[], **NOTHING | SEARCH | {missing: empty})
    with pytest.raises(ActionRefused, match="Say where you looked"):
        approve_statement(draft, by=make_clinical_reviewer())


def test_a_recommendation_names_who_recommends_and_wears_no_grade_mark(client, acne):
    make_statement(
        acne, effect="recommendation", certainty="", recommended_by="American Academy of Dermatology, 2024",
        direction="for", strength="conditional", certainty_beneath="moderate", sentence="The Academy advises it.",
    )  # fmt: skip
    page = client.get(EVIDENCE).content.decode()

    assert "American Academy of Dermatology, 2024: for (conditional)" in page
    assert "They rate the evidence beneath it as moderate." in page
    statement = page[page.index("The Academy advises it.") : page.index("More about this advice")]
    assert "⊕" not in statement
    assert client.get("/evidence.json").json()["statements"][0]["certainty_of_evidence"] is None


def test_a_recommendation_with_a_certainty_is_refused(acne):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_statement(acne, effect="recommendation", certainty="low", recommended_by="NICE", direction="for")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_statement(acne, recommended_by="NICE")


def test_a_recommendation_of_nobody_cannot_be_published(acne):
    draft = make_statement(acne, state="draft", effect="recommendation", certainty="", sentence="It is advised.")
    with pytest.raises(ActionRefused, match="Say who recommends this"):
        approve_statement(draft, by=make_clinical_reviewer())


def test_an_author_types_a_number_and_is_told_what_is_wrong_with_it(client, paper):
    draft = make_statement(make_article(), state="draft", references=[paper])
    client.force_login(make_author())
    typed = {
        "slug": draft.slug, "language": "en", "condition": draft.condition_id, "intervention": "probiotics",
        "outcome": "Acne", "effect": "better", "certainty": "low", "sentence": "It may help.", "why": "Small trials.",
        "references": [paper.pk], "numbers-TOTAL_FORMS": 1, "numbers-INITIAL_FORMS": 0,
        "numbers-0-what": "Acne became milder", "numbers-0-with_count": 120, "numbers-0-out_of": 100,
        "numbers-0-source": paper.pk,
    }  # fmt: skip
    typed["version"] = client.get(change_url(draft)).context["adminform"].form["version"].value()

    refused = client.post(change_url(draft), typed).content.decode()
    assert "There cannot be more than all of them." in refused

    assert client.post(change_url(draft), typed | {"numbers-0-with_count": 12}).status_code == 302
    assert stored_numbers(EvidenceStatement.objects.get(pk=draft.pk))[0]["with_count"] == 12


def test_an_intervention_is_a_row_that_authors_add_and_whose_short_name_stays(client, acne):
    client.force_login(make_author())
    added = {"name": "Fasting", "slug": "fasting", "plain_name": "Not eating for a time.", "position": 5}
    assert client.post(reverse("admin:education_intervention_add"), added).status_code == 302
    make_statement(acne, intervention="fasting")

    page = client.get("/evidence/").content.decode()
    assert page.index("Fasting") < page.index("Probiotics")
    assert client.get("/evidence.json?intervention=fasting").json()["total"] == 1
    row = acne.statements_as_condition.get().intervention
    assert 'name="slug"' not in client.get(change_url(row)).content.decode()
