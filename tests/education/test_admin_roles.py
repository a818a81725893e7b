"""Every address of the editing desk, tried by everybody."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import get_resolver, reverse

from education.actions import revise_statement, submit_for_review
from education.models import Clinician, Feedback, Review
from tests.education.admin_cast import make_author, make_clinical_reviewer, make_staff
from tests.education.factories import make_article, make_published_article, make_statement, make_synonyms

pytestmark = pytest.mark.django_db

LISTS = [
    "article",
    "revision",
    "review",
    "evidencestatement",
    "reference",
    "glossaryterm",
    "clinicalcode",
    "clinician",
    "feedback",
    "synonymgroup",
]
READABLE = {f"{name}_{page}" for name in LISTS for page in ("changelist", "change", "history")} | {
    "article_preview",
    "article_lookup_references",
    "article_lookup_glossary",
    "revision_preview",
    "feedback_results",
    "feedback_article",
    # Authors and reviewers alike deal with what readers say.
    "feedback_handle",
}
NOBODY = {
    *(f"revision_{page}" for page in ("add", "delete")),
    *(f"review_{page}" for page in ("add", "delete")),
    *(f"feedback_{page}" for page in ("add", "delete")),
}
# What stands in the editor is sent to be checked, and nothing of it is kept.
POST_ONLY = {"article_checks", "article_checks_new"}
AUTHOR = READABLE | {
    "article_add",
    *POST_ONLY,
    "article_submit",
    "revision_restore",
    "evidencestatement_add",
    "evidencestatement_revise",
    "reference_add",
    "reference_lookup_register",
    "reference_lookup_file",
    "reference_check",
    "reference_takeover",
    "reference_merge",
    "glossaryterm_add",
    "synonymgroup_add",
    "synonymgroup_delete",
    "clinicalcode_add",
}
REVIEWER = READABLE | {
    "article_withdraw",
    "article_keep",
    "revision_approve",
    "revision_callback",
    "revision_request",
    "evidencestatement_approve",
}


@pytest.fixture
def addresses():
    """The name of each page of education in admin, with an address that leads to something."""
    article = make_published_article()
    live = article.live
    article.codes.create(system="2.16.840.1.113883.6.90", code="L20.9", display="Atopic dermatitis")
    revision = submit_for_review(article, by=make_staff("somebody"))
    statement = make_statement(article)
    draft = revise_statement(statement, by=make_staff("somebody-else"))
    things = {
        "article": article,
        "revision": revision,
        "review": Review.objects.get(),
        "evidencestatement": draft,
        "reference": live.references.first(),
        "glossaryterm": article._meta.apps.get_model("education", "GlossaryTerm").objects.first(),
        "clinicalcode": article.codes.get(),
        "clinician": Clinician.objects.first(),
        "synonymgroup": make_synonyms("itch", "pruritus"),
        "feedback": Feedback.objects.create(revision=live, is_helpful=False, words="Too long."),
    }
    found = {}
    for name in get_resolver("gutskin.urls").namespace_dict["admin"][1].reverse_dict:
        if isinstance(name, str) and name.startswith("education_"):
            page = name.removeprefix("education_")
            special = {"evidencestatement_revise": statement, "feedback_article": article}
            thing = special.get(page) or things[page.split("_")[0]]
            without_object = page.endswith(("_changelist", "_add", "_new", "_results")) or "_lookup_" in page
            found[page] = reverse(f"admin:{name}", args=[] if without_object else [thing.pk])
    return found


def allowed(client, addresses):
    statuses = {
        page: (client.post if page in POST_ONLY else client.get)(url).status_code for page, url in addresses.items()
    }
    assert set(statuses.values()) <= {200, 302, 403}, statuses
    return {page for page, status in statuses.items() if status != 403}


def test_the_walk_knows_every_page(addresses):
    assert len(addresses) == 10 * 5 + 23


def test_a_passer_by_is_sent_to_the_login(client, addresses):
    for page, url in addresses.items():
        for response in (client.get(url), client.post(url)):
            assert response.status_code == 302, page
            assert response.url.startswith(reverse("account_login")), page


def test_an_author(client, addresses):
    client.force_login(make_author())
    assert allowed(client, addresses) == AUTHOR


def test_a_clinical_reviewer(client, addresses):
    client.force_login(make_clinical_reviewer())
    assert allowed(client, addresses) == REVIEWER


def test_staff_of_the_consultations_sees_nothing_of_it(client, addresses):
    client.force_login(make_staff("cora", "Intake coordinator"))
    assert allowed(client, addresses) == set()


def test_an_administrator_reaches_all_but_what_nobody_may(client, addresses):
    client.force_login(User.objects.create_superuser("root"))
    assert set(addresses) - allowed(client, addresses) == NOBODY


def test_steps_are_refused_by_post_as_well(client, addresses):
    for user, pages in (
        (make_author(), REVIEWER - READABLE),
        (
            make_clinical_reviewer(),
            AUTHOR - READABLE | {"article_change", "reference_change", "glossaryterm_change"},
        ),
        (make_staff("cora", "Intake coordinator"), set(addresses)),
        (make_staff("cleo", "Clinician"), set(addresses)),
        (make_staff("nobody"), set(addresses)),
    ):
        client.force_login(user)
        for page in pages:
            assert client.post(addresses[page], {"text": "please"}).status_code == 403, page


def test_a_step_needs_the_csrf_token(addresses):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_clinical_reviewer())
    assert strict.post(addresses["revision_approve"], {"text": ""}).status_code == 403


def test_neither_group_sees_consultations():
    for name in ("Author", "Clinical reviewer"):
        permissions = Group.objects.get(name=name).permissions
        assert permissions.exists()
        assert not permissions.exclude(content_type__app_label="education").exists()


def test_a_published_statement_is_not_edited_even_by_an_administrator(admin_client):
    statement = make_statement(make_article())
    url = reverse("admin:education_evidencestatement_change", args=[statement.pk])
    assert admin_client.post(url, {"sentence": "Changed."}).status_code == 403
