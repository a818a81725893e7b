"""What the tests themselves rest on: tables that are filled by copying, and that are left as they were."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import TransactionTestCase

from education import search
from education.models import CareCard
from tests.content import load_content
from tests.education.factories import make_published_article
from tests.gutskin.backup_files import lose_everything
from tests.stored_rows import put_back, stored_rows


def sizes():
    return {table: len(rows) for (table, _columns), rows in stored_rows().items()}


def everything():
    """In an order of ours: a database keeps none."""
    return {table: sorted(map(repr, rows)) for table, rows in stored_rows().items()}


@pytest.mark.django_db
def test_the_copied_content_is_all_that_a_load_writes():
    empty = stored_rows()
    call_command("load_content", verbosity=0)
    loaded, found = sizes(), search.find("eczema").results

    put_back(empty)
    load_content()
    first = everything()
    put_back(empty)
    load_content()

    assert everything() == first
    assert sizes() == loaded
    assert search.find("eczema").results == found


def test_rows_can_be_added_to_the_copied_content(transactional_db, monkeypatch):
    """Also where another test has emptied the tables by `flush`, which makes PostgreSQL count from 1 again."""
    monkeypatch.setattr("tests.content._loaded", {})
    lose_everything()
    load_content()
    lose_everything()

    load_content()

    CareCard.objects.create(article=make_published_article("hives"), level="urgent", items="a rash")


def test_a_test_with_transactions_leaves_what_the_migrations_put_in(transactional_db):
    before = everything()
    assert before
    Group.objects.all().delete()
    Permission.objects.all().delete()
    User.objects.create_user("ana")

    TransactionTestCase()._fixture_teardown()

    assert everything() == before
