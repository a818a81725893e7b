"""Permissions beyond the matrix in tests/consultations/test_permission_matrix.py, which tries every address."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from education.actions import submit_for_review
from tests.education.admin_cast import make_clinical_reviewer
from tests.education.factories import make_article, make_statement

pytestmark = pytest.mark.django_db


def test_confirming_an_action_needs_the_csrf_token():
    waiting = submit_for_review(make_article(), by=make_clinical_reviewer("rosa"))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_clinical_reviewer())

    answer = strict.post(reverse("admin:education_revision_approve", args=[waiting.pk]), {"text": ""})
    assert answer.status_code == 403


def test_neither_group_sees_consultations():
    for name in ("Author", "Clinical reviewer"):
        permissions = Group.objects.get(name=name).permissions
        assert permissions.exists()
        assert not permissions.exclude(content_type__app_label="education").exists()


def test_not_even_an_administrator_edits_a_published_statement(admin_client):
    statement = make_statement(make_article())
    url = reverse("admin:education_evidencestatement_change", args=[statement.pk])
    # What was typed comes back, with the way to a draft.
    assert admin_client.post(url, {"sentence": "Changed."}).status_code == 409
