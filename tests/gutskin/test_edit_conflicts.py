"""Two people edit one record in admin: nothing is overwritten unseen, and nothing typed is lost."""

import json
import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db.models import TextField
from django.forms import MultiWidget
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst

from consultations.models import CannedReply, Team
from education.models import (
    Article,
    ClinicalCode,
    Clinician,
    EvidenceQuestion,
    EvidenceStatement,
    GlossaryTerm,
    Intervention,
    Reference,
    SynonymGroup,
)
from gutskin.edit_conflicts import EditConflictMixin, VersionedFormMixin
from tests.at_once import together
from tests.consultations.factories import a_superuser
from tests.education.admin_cast import NO_NUMBERS
from tests.education.factories import make_article, make_reference, make_statement, make_synonyms, make_term

pytestmark = pytest.mark.django_db


def a_statement():
    statement = make_statement(make_article())
    EvidenceStatement.objects.filter(pk=statement.pk).update(state="draft", reviewed_on=None)
    return statement


def a_code():
    return ClinicalCode.objects.create(
        article=make_article(), system="2.16.840.1.113883.6.96", code="24079001", display="Atopic dermatitis"
    )


def a_question():
    return EvidenceQuestion.objects.create(
        condition=make_article(), intervention_id="probiotics", query="eczema", since=date(2026, 6, 1)
    )


# For each model that is edited in admin: how to make one, a field, and what two people type into it.
EDITED = {
    Article: (make_article, "title", "Theirs", "Mine"),
    EvidenceStatement: (a_statement, "outcome", "Theirs", "Mine"),
    Intervention: (lambda: Intervention.objects.create(slug="fasting", name="Fasting"), "plain_name", "Theirs", "Mine"),
    EvidenceQuestion: (a_question, "query", "Theirs", "Mine"),
    Reference: (make_reference, "title", "Theirs", "Mine"),
    GlossaryTerm: (make_term, "term", "Theirs", "Mine"),
    SynonymGroup: (
        lambda: make_synonyms("itch", "pruritus"),
        "names",
        "itch\npruritus\nitching",
        "itch\npruritus\nprurigo",
    ),
    ClinicalCode: (a_code, "display", "Theirs", "Mine"),
    Clinician: (lambda: Clinician.objects.create(name="Ruth Okafor", role="Dermatologist"), "role", "Theirs", "Mine"),
    Team: (lambda: Team.objects.create(name="Eczema"), "name", "Theirs", "Mine"),
    CannedReply: (
        lambda: CannedReply.objects.create(title="Thanks", text="Thank you.", language="en"),
        "text",
        "Theirs",
        "Mine",
    ),
    User: (lambda: User.objects.create_user("carla", is_staff=True), "first_name", "Theirs", "Mine"),
    Group: (lambda: Group.objects.create(name="Locum"), "name", "Theirs", "Mine"),
}


@pytest.fixture
def staff(client):
    """Two colleagues who may edit everything; the second is logged in."""
    first, second = a_superuser("root"), a_superuser("ruby")
    client.force_login(second)
    return first, second


def address_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    """What the browser would post, had the user opened the form and changed nothing."""
    values = {}
    for bound in client.get(address_of(row)).context["adminform"].form:
        data = bound.value()
        if isinstance(bound.field.widget, MultiWidget):
            parts = bound.field.widget.decompress(data)
            values |= {f"{bound.html_name}_{place}": str(part) for place, part in enumerate(parts)}
        elif isinstance(data, list | tuple):
            values[bound.html_name] = [getattr(each, "pk", each) for each in data]
        elif data not in (None, False):
            values[bound.html_name] = "on" if data is True else data
    if isinstance(row, Article):
        values |= {"care_cards-TOTAL_FORMS": 0, "care_cards-INITIAL_FORMS": 0}
    if isinstance(row, EvidenceStatement):
        values |= NO_NUMBERS
    return values


def saved_by(client, user, row, form):
    client.force_login(user)
    return client.post(address_of(row), form)


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_the_second_to_save_is_told_and_loses_nothing(client, staff, model):
    make, field, theirs, mine = EDITED[model]
    row, (first, second) = make(), staff
    form = opened(client, row)
    assert saved_by(client, first, row, form | {field: theirs}).status_code == 302

    response = saved_by(client, second, row, form | {field: mine})
    html = unescape(response.content.decode())
    row.refresh_from_db()
    assert (response.status_code, getattr(row, field)) == (200, theirs)
    assert "Not saved yet: two people edited this" in html
    assert "root saved this on" in html
    assert "Changed" in re.search(r"<q>(.*?)</q>", html)[1]
    assert mine in html
    assert f'href="{address_of(row)}" target="_blank"' in html

    # To press “Save” again is no decision; to tick the box is one.
    assert client.post(address_of(row), form | {field: mine}).status_code == 200
    chosen = re.search(r'name="replaces_version" value="([^"]+)"', html)[1]
    assert client.post(address_of(row), form | {field: mine, "replaces_version": chosen}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == mine


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_a_form_without_a_version_saves_nothing(client, staff, model):
    make, field, _theirs, mine = EDITED[model]
    row = make()
    form = opened(client, row) | {field: mine}
    for version in ("", "@", "garbled", "1" * 500):
        assert client.post(address_of(row), form | {"version": version}).status_code == 200
    row.refresh_from_db()
    assert getattr(row, field) != mine


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_saving_what_no_one_else_touched_needs_no_decision_and_logs_no_version(client, staff, model):
    make, field, _theirs, mine = EDITED[model]
    row = make()

    assert client.post(address_of(row), opened(client, row) | {field: mine}).status_code == 302
    assert "ersion" not in LogEntry.objects.latest("pk").change_message


def with_two_lines(row):
    """The row, with a text of two lines and a line break at its end in each field that may have one, as in a file."""
    texts = [field.name for field in row._meta.fields if isinstance(field, TextField) and field.editable]
    type(row).objects.filter(pk=row.pk).update(**{name: f"{getattr(row, name)}\nLine two.\n" for name in texts})
    row.refresh_from_db()
    return row


def as_browsers_send_it(form):
    return {name: re.sub(r"\r?\n", "\r\n", value) if isinstance(value, str) else value for name, value in form.items()}


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_only_what_was_changed_is_named(client, staff, model):
    make, field, _theirs, mine = EDITED[model]
    row = with_two_lines(make())
    form = as_browsers_send_it(opened(client, row) | {field: mine})
    assert client.post(address_of(row), form).status_code == 302

    [what] = json.loads(LogEntry.objects.latest("pk").change_message)
    assert what["changed"]["fields"] == [capfirst(row._meta.get_field(field).verbose_name)]


def test_only_the_care_card_that_was_changed_is_named(client, staff):
    article = with_two_lines(make_article())
    for level in ("urgent", "emergency"):
        article.care_cards.create(level=level, heading="Call", items="One.\nTwo.\n", advice="Now.")
    form = opened(client, article) | {"care_cards-TOTAL_FORMS": 2, "care_cards-INITIAL_FORMS": 2}
    for index, card in enumerate(article.care_cards.all()):
        values = {"id": card.pk, "level": card.level, "heading": card.heading, "items": card.items, "advice": "Now."}
        form |= {f"care_cards-{index}-{name}": value for name, value in values.items()}
    form["care_cards-1-advice"] = "Today."
    assert client.post(address_of(article), as_browsers_send_it(form)).status_code == 302

    [what] = json.loads(LogEntry.objects.latest("pk").change_message)
    assert what["changed"]["fields"] == ["Advice after the list"]
    assert what["changed"]["name"] == "care card"
    assert sorted(card.advice for card in article.care_cards.all()) == ["Now.", "Today."]


def test_every_form_of_admin_that_can_be_saved_has_a_version():
    """But for models whose rows are changed by actions only."""
    by_actions = {"Inquiry", "RedFlagResult", "Revision", "Feedback", "NewPaper"}
    request = SimpleNamespace(user=User(is_superuser=True, is_active=True))
    for model, model_admin in admin.site._registry.items():
        if not model_admin.has_change_permission(request) or model.__name__ in by_actions:
            continue
        assert model in EDITED, model
        assert isinstance(model_admin, EditConflictMixin), model
        assert issubclass(model_admin.form, VersionedFormMixin), model


@pytest.mark.usefixtures("django_db_serialized_rollback")
def test_of_two_who_save_at_the_same_moment_one_is_told(file_database):
    term = make_term()
    clients = [Client(), Client()]
    for client, name in zip(clients, ("root", "ruby"), strict=True):
        client.force_login(a_superuser(name))
    form = opened(clients[0], term)
    results = together(2, lambda number: clients[number].post(address_of(term), form | {"term": f"Word {number}"}))

    assert sorted(result.status_code for result in results) == [200, 302]


def test_a_change_by_a_program_names_no_colleague(client, staff):
    reference = make_reference()
    form = opened(client, reference)
    Reference.objects.update(title="As the register has it")
    html = client.post(address_of(reference), form | {"title": "Mine"}).content.decode()

    assert "It was changed after you opened it, by a colleague or by a program." in html
    assert Reference.objects.get(pk=reference.pk).title == "As the register has it"


def test_a_log_in_is_no_edit(client, staff):
    carla = User.objects.create_user("carla", is_staff=True)
    form = opened(client, carla)
    User.objects.filter(pk=carla.pk).update(last_login="2026-11-30T10:00:00Z")

    assert client.post(address_of(carla), form | {"first_name": "Carla"}).status_code == 302


@pytest.mark.parametrize("model", EDITED)
def test_the_rows_of_each_form_can_be_locked(rf, model):
    """PostgreSQL refuses FOR UPDATE in a query that groups or leaves out repeated rows; SQLite knows no such lock."""
    request = rf.get("/admin/")
    request.user = a_superuser("root")
    query = admin.site.get_model_admin(model).get_queryset(request).query

    assert query.group_by is None
    assert not query.distinct
