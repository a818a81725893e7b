"""What the factories make is what the site's own actions make."""

import pytest
import time_machine
from django.db import transaction

from education.actions import approve, submit_for_review
from tests.education.factories import make_article, make_published_article, make_reviewer
from tests.stored_rows import stored_rows

pytestmark = pytest.mark.django_db


def published_by_the_actions(slug):
    article = make_article(slug)
    return approve(submit_for_review(article), by=make_reviewer()).article


def rows_after(publish):
    """The rows of each table. Of keys only whether there is one: PostgreSQL goes on counting after a rollback."""
    with transaction.atomic():
        publish("acne")
        stored = stored_rows("education", "admin")
        transaction.set_rollback(True)
    return {
        table: [[_value(*cell) for cell in zip(columns, row, strict=True)] for row in rows]
        for (table, columns), rows in stored.items()
    }


def _value(column, value):
    is_key = column == "id" or column.endswith("_id")
    return column, (value is not None) if is_key else value


@time_machine.travel("2026-11-23T12:00:00Z", tick=False)
def test_a_published_article_is_as_the_actions_leave_it():
    by_the_actions, by_the_factory = rows_after(published_by_the_actions), rows_after(make_published_article)

    assert by_the_factory == by_the_actions
    assert {"education_revision_references", "education_searchdocument", "django_admin_log"} <= set(by_the_factory)
