"""What the tests themselves rest on: tables that are filled by copying, and that are left as they were."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import TransactionTestCase

from education import search
from education.models import CareCard
from gutskin.page_cache.models import ContentChange
from tests.content import load_content
from tests.education.factories import make_published_article
from tests.gutskin.backup_files import lose_everything
from tests.stored_rows import stored_rows

pytestmark = pytest.mark.slow


def everything():
    """In an order of ours: a database keeps none. Without the content version, which each write changes."""
    version = ContentChange._meta.db_table
    return {table: sorted(map(repr, rows)) for table, rows in stored_rows().items() if table[0] != version}


def test_the_copied_content_is_all_that_a_load_writes_and_rows_can_be_added(transactional_db, monkeypatch):
    """Also where another test has emptied the tables by `flush`, which makes PostgreSQL count from 1 again."""
    monkeypatch.setattr("tests.content._loaded", {})
    lose_everything()
    printed, loaded, found = load_content(), everything(), search.find("eczema").results
    lose_everything()

    assert load_content() == printed
    assert everything() == loaded
    assert search.find("eczema").results == found
    CareCard.objects.create(article=make_published_article("hives"), level="urgent", items="a rash")


def test_a_test_with_transactions_leaves_what_the_migrations_put_in(transactional_db):
    before = everything()
    assert before
    Group.objects.all().delete()
    Permission.objects.all().delete()
    User.objects.create_user("ana")

    TransactionTestCase()._fixture_teardown()

    assert everything() == before
