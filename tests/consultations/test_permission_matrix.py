"""Every address of the admin × every role × GET and POST. permission_rules.py says what is allowed."""

import logging
import os
from dataclasses import replace

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import transaction

from consultations.admin.bulk_assign import drawn_now
from consultations.models import Inquiry
from tests.consultations.admin_walk import lookups, outcome, pages, people, things
from tests.consultations.permission_rules import EVERYBODY, RULES, rule_of
from tests.consultations.staff_pages import STEPS, with_a_reason
from tests.gutskin.sources import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DOCUMENT = ROOT / "docs" / "permissions.md"
PASSER_BY = "passer-by"
WORDS = {
    "staff without a group": "Staff without a group",
    "author": "Author",
    "reviewer": "Clinical reviewer",
    "coordinator": "Intake coordinator",
    "clinician": "Clinician whose team answers the request",
    "other clinician": "Clinician of another team",
    "privacy lead": "Privacy lead",
    "superuser": "Superuser",
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The objects and the users, made once: the transaction of each test is inside this one and takes back what it did.

    The tests only take keys from them, and log in.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        there = things()
        yield there, people(there["article"])
        transaction.set_rollback(True)


@pytest.fixture
def there(world):
    return world[0]


@pytest.fixture
def who(world):
    return world[1]


@pytest.mark.parametrize("role", [PASSER_BY, *sorted(EVERYBODY)])
def test_each_role_opens_and_sends_only_what_it_may(client, there, who, role, caplog, monkeypatch):
    # Thousands of refusals need not be written to a log that no one reads.
    caplog.set_level(logging.CRITICAL, logger="django.request")
    # It is the same on every page that a role may open.
    monkeypatch.setattr(admin.site, "enable_nav_sidebar", False)
    client.raise_request_exception = False
    tried = [*pages(there), *lookups()]
    user = who[role]
    if user:
        client.force_login(user)

    unexpected = {}
    for page in tried:
        rule = rule_of(page.name)
        for method, allowed in (("get", rule.opens), ("post", rule.sends)):
            found = outcome(client, method, page)
            if found != ("opens" if role in allowed else "refuses"):
                unexpected[f"{method.upper()} {page.name} {page.address}"] = found
    assert unexpected == {}


@pytest.mark.parametrize("role", ["coordinator", "superuser"])
def test_a_reason_opens_the_story_and_sends_no_reply(client, there, who, role):
    # Not those that the tests share: the action may change them.
    inquiry, user = Inquiry.objects.get(), get_user_model().objects.get(pk=who[role].pk)
    client.force_login(user)
    # What is posted must be complete: a form with errors counts as open.
    posted = {f"consultations_inquiry_{step}": form for step, form in STEPS.items()}
    asked = [page for page in pages(there) if page.name.startswith("consultations_inquiry_") and inquiry_page(page)]
    with_a_reason(inquiry, user)

    unexpected = {}
    for page in asked:
        rule = rule_of(page.name)
        page = replace(page, posted=page.posted or posted.get(page.name, {}))
        for method, allowed in (("get", rule.opens), ("post", rule.sends)):
            allowed = allowed | rule.with_a_reason if allowed else allowed
            found = outcome(client, method, page)
            if found != ("opens" if role in allowed else "refuses"):
                unexpected[f"{method.upper()} {page.name}"] = found
    assert unexpected == {}


def inquiry_page(page):
    return any(part.isdigit() for part in page.address.split("/"))


def test_every_rule_is_about_some_page(there):
    names = [page.name for page in [*pages(there), *lookups()]]
    used = {rule_of(name).what for name in names}

    assert [rule.what for rule in RULES if rule.what not in used] == []


def test_bulk_actions_change_only_what_the_user_may_change(client, there, who):
    """The changelist of every model accepts a POST for an admin action, whether it offers one or not."""
    sees = rule_of("consultations_inquiry_change").opens
    for role, user in who.items():
        client.logout()
        if user:
            client.force_login(user)
        for model in admin.site._registry:
            app, name = model._meta.app_label, model._meta.model_name
            if name not in there or role in _may_delete(app, name):
                continue
            chosen = {"_selected_action": there[name].pk, "index": "0"}
            client.post(f"/admin/{app}/{name}/", chosen | {"action": "delete_selected", "post": "yes"})
            assert model._default_manager.filter(pk=there[name].pk).exists(), (role, name)
        if role not in sees:
            client.post("/admin/consultations/inquiry/", chosen_request(there, to=who["clinician"]))
            assert Inquiry.objects.get().assignee is None, role


def _may_delete(app, name):
    try:
        return rule_of(f"{app}_{name}_delete").opens
    except StopIteration:
        return set()  # there is no such page


def chosen_request(there, *, to):
    chosen = {"_selected_action": there["inquiry"].pk, "to": to.pk, "drawn": drawn_now()}
    return {"action": "assign_chosen", "index": "0"} | chosen


def test_the_document_agrees_with_the_rules():
    """`WRITE_PERMISSIONS=1 pytest tests/consultations/test_permission_matrix.py -k document` rewrites it."""
    if os.environ.get("WRITE_PERMISSIONS"):
        DOCUMENT.write_text(document())
    assert DOCUMENT.read_text() == document()


def document():
    lines = [
        "# Who may do what in the admin",
        "",
        "Generated from the table in `tests/consultations/permission_rules.py`. The test beside it tries every address",
        "of the admin with every role, by GET and by POST, on objects that exist, and fails",
        "if the answer differs from the table. Users who are not logged in, or have not used a second factor, can open",
        "nothing. Lists show each user only the rows that they may see.",
        "",
        "What applies to a clinician whose team answers the request also applies to a clinician it is assigned to.",
        "“Superuser” means one who has not broken the glass; “Intake coordinator” means one who has given no reason to",
        "read the story. “With a reason” is what they may do for an hour afterwards.",
        "",
        "| What | May open (GET) | May submit (POST) |",
        "|---|---|---|",
    ]
    lines += [f"| {rule.what} | {_who(rule.opens, rule)} | {_who(rule.sends, rule)} |" for rule in RULES]
    return "\n".join([*lines, ""])


def _who(roles, rule):
    if roles == EVERYBODY:
        return "all staff"
    if roles and rule.with_a_reason:
        return f"{_names(roles)}; with a reason: {_names(rule.with_a_reason)}"
    return _names(roles) or "no one"


def _names(roles):
    return ", ".join(words for role, words in WORDS.items() if role in roles)
