"""What the form of a statement and the rules of its publication refuse, in sentences."""

import datetime

import pytest
from django.urls import reverse

from education import publication_rules
from education.actions import ActionRefused, approve_statement
from education.admin.statements import EvidenceNumberForm, EvidenceStatementForm
from education.models import EvidenceNumber, EvidenceStatement, Intervention
from tests.admin_forms import save_form
from tests.education.admin_cast import change_url, make_author, make_clinical_reviewer
from tests.education.factories import make_article, make_reference, make_statement

pytestmark = pytest.mark.django_db
FUTURE = datetime.date(2999, 1, 1)


def errors_of(form_class, model, fields, data, instance=None):
    """Every sentence of the form, as a user reads it."""
    options = type("Meta", (form_class.Meta,), {"model": model, "fields": fields})
    form = type(form_class.__name__, (form_class,), {"Meta": options})(data, instance=instance)
    return [sentence for sentences in form.errors.values() for sentence in sentences]


def number_errors(**values):
    fields = ["what", "with_count", "without_count", "out_of", "low", "high", "difference", "interval_words"]
    return errors_of(EvidenceNumberForm, EvidenceNumber, fields, {"what": "Acne became milder"} | values)


def statement_errors(**values):
    fields = [
        "effect", "certainty", "sentence", "recommended_by", "direction", "strength", "certainty_beneath",
        "search_date",
    ]  # fmt: skip
    return errors_of(EvidenceStatementForm, EvidenceStatement, fields, {"sentence": "It may help."} | values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"low": 31}, "Give both ends of the interval, or neither."),
        ({"high": 66}, "Give both ends of the interval, or neither."),
        ({"low": 66, "high": 31}, "The interval begins above its end."),
        ({"low": 31, "high": 101}, "The interval ends above the number of all people."),
        ({"low": 51, "high": 66}, "The people with it do not lie within the interval."),
        ({"with_count": 101}, "There cannot be more than all of them."),
        ({"out_of": ""}, "Say out of how many."),
        ({"difference": "3 points"}, "Give either people with it, out of how many, or a difference on a scale."),
    ],
)
def test_each_fault_of_a_number_has_one_sentence(values, words):
    assert number_errors(**{"with_count": 50, "out_of": 100} | values) == [words]


def test_a_number_without_fault_is_taken():
    assert number_errors(with_count=50, out_of=100, low=31, high=66) == []
    assert number_errors(difference="3 to 4 points lower", interval_words="2 to 5 points lower") == []


def test_a_difference_has_figures():
    assert "Write the difference in figures, for example “3 to 4 points lower”." in number_errors(difference="lower")
    wordy = number_errors(difference="3 points lower", interval_words="rather wide")
    assert wordy == ["Write both ends of the interval in figures."]


def test_a_difference_without_figures_stops_the_approval():
    paper = make_reference("eguren2024", doi="10.2340/x")
    number = {"what": "Eczema score", "difference": "lower", "interval_words": "wide", "source": paper}
    draft = make_statement(make_article(), state="draft", references=[paper], numbers=[number])
    with pytest.raises(ActionRefused) as refused:
        approve_statement(draft, by=make_clinical_reviewer())
    assert len(refused.value.reasons) == 2
    assert all(reason.startswith("“Eczema score”: Write") for reason in refused.value.reasons)


def test_nobody_has_looked_in_the_future():
    assert statement_errors(effect="no-trials", search_date=FUTURE) == ["The day of the search is in the future."]
    draft = make_statement(make_article(), state="draft", search_date=FUTURE)
    with pytest.raises(ActionRefused, match="The day of the search is in the future"):
        approve_statement(draft, by=make_clinical_reviewer())


def test_a_recommendation_has_no_certainty_of_its_own():
    advice = {"effect": "recommendation", "recommended_by": "NICE, 2023", "direction": "for"}
    assert statement_errors(**advice) == []
    refused = statement_errors(**advice, certainty="low")
    assert refused == ["A recommendation has no certainty of its own. Use “certainty beneath”."]


@pytest.mark.parametrize(
    "strength", ["strong ⊕⊕⊕", "weak, low certainty", "High-certainty evidence", "very low certainty"]
)
def test_a_strength_is_not_a_certainty(strength):
    advice = {"effect": "recommendation", "recommended_by": "NICE, 2023", "direction": "for", "strength": strength}
    sentence = "A strength is not a certainty: leave out its words and signs, and use “certainty beneath”."
    assert statement_errors(**advice) == [sentence]
    assert publication_rules.basis_problems(EvidenceStatement(**advice)) == [sentence]


def test_the_words_of_guidelines_are_strengths():
    for strength in ("strong", "conditional", "A, 93% consensus", ""):
        assert publication_rules.strength_problems(strength) == []


def test_a_row_of_the_map_has_a_name_of_its_own_whatever_its_case(client):
    client.force_login(make_author())
    address = reverse("admin:education_intervention_add")
    row = {"name": "Ölbäder  und Moor", "slug": "baths", "position": 5}
    assert "Readers see the row on the evidence map as soon as you save it." in client.get(address).content.decode()
    assert client.post(address, row).status_code == 302

    again = client.post(address, row | {"name": "ÖLBÄDER UND MOOR", "slug": "more-baths"})
    assert "Another row has this name." in again.content.decode()
    # Its own name is no other row's.
    saved = Intervention.objects.get(slug="baths")
    assert save_form(client, change_url(saved), row | {"name": "ölbäder und Moor"}).status_code == 302
