"""Pages that are kept are never older than the last change, and can be read when something fails."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import caches
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from education.actions.articles import submit_for_review, withdraw
from education.actions.reviews import approve
from education.actions.schedule import publish_due, schedule_withdrawal
from education.actions.statements import approve_statement
from education.models import GlossaryTerm, Reference
from gutskin.page_cache import content_version
from gutskin.page_cache.models import ContentChange
from gutskin.page_cache.triggers import content_models
from gutskin.page_cache.wsgi import PageCache
from tests.at_once import together
from tests.content import load_content
from tests.education.factories import make_published_article, make_statement, make_term, make_user
from tests.silent_database import silent_database
from tests.wsgi import Counted, ask, connection_kept

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def empty_shared_cache():
    """With Redis, pages of one test would be found in the next."""
    caches["default"].clear()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def django(db):
    return Counted()


@pytest.fixture
def site(django, clock):
    """The page cache in front of Django, with a clock that the test moves."""
    cache = PageCache(django)
    cache._version = content_version.ContentVersion(clock)
    return cache


def test_a_change_is_seen_at_the_next_question(site, django, clock):
    article = make_published_article()
    address = article.get_absolute_url()
    assert "Eczema and your gut" in ask(site, address).text
    withdraw(article, by=article.live.reviewer.user, reason="Wrong.")
    clock.now += 0.6
    assert ask(site, address).status == "410 Gone"
    assert ask(site, address).status == "410 Gone"


def test_the_proxy_may_keep_a_page_until_the_end_of_the_second_if_nothing_was_missed_in_it(site, clock, settings):
    """By the proxy's clock, and for readers at most a second after a change, whatever that clock says."""
    settings.BEHIND_PROXY = True

    def expires(moment, address="/about/", **more):
        return ask(site, address, X_PROXY_TIME=moment, **more).headers.get("X-Accel-Expires")

    assert expires("1700000000.000") == "@1700000000"
    clock.now += 0.4
    # The version was read 0.4 seconds ago.
    assert expires("1700000000.399") is None
    assert expires("1700000000.400") == "@1700000000"
    assert expires("9999999999.999") == "@9999999999"
    assert expires("1700000000.999", IF_NONE_MATCH="*") == "@1700000000"
    for malformed in ("", "1700000000", "1700000000.9990", "-1.999", "1e9.999", "1700000000.999 x"):
        assert expires(malformed) is None
    for address in ("/consult/", "/accounts/login/", "/nowhere/", "/healthz", "/conditions/no-such-page/"):
        assert expires("1700000000.999", address) is None
    assert expires("1700000000.999", COOKIE="a=b") is None

    settings.BEHIND_PROXY = False
    assert expires("1700000000.999") is None


def test_the_proxy_keeps_nothing_while_the_database_is_silent(site, clock, settings):
    settings.BEHIND_PROXY = True
    ask(site, "/about/")
    clock.now += 1.5
    with silent_database():
        answer = ask(site, "/about/", X_PROXY_TIME="1700000000.999")
    assert answer.status == "200 OK"
    assert "X-Accel-Expires" not in answer.headers


def test_the_database_is_asked_at_most_once_in_half_a_second(site, clock, django_assert_num_queries):
    make_published_article()
    ask(site, "/about/")
    with django_assert_num_queries(0):
        for _ in range(50):
            clock.now += 0.009
            assert ask(site, "/about/").status == "200 OK"
    clock.now += 0.1
    with django_assert_num_queries(1):
        ask(site, "/about/")


def tokens():
    with connection_kept():
        return content_version._read()


def test_every_table_of_education_has_its_triggers_but_for_those_that_no_reader_sees():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'content_changed%'")
        else:
            cursor.execute(
                "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE tgname LIKE 'content_changed%'"
            )
        found = Counter(table for (table,) in cursor.fetchall())
    events = 3 if connection.vendor == "sqlite" else 4  # insert, update, delete, truncate
    assert found == {model._meta.db_table: events for model in content_models()}
    tables = {model._meta.db_table for model in apps.get_app_config("education").get_models(include_auto_created=True)}
    assert tables - found.keys() == {
        "education_feedback",
        "education_feedbacklimit",
        "education_reviewdigest",
    }


def test_saving_any_form_of_admin_changes_the_version(admin_client):
    """Every model that a reader sees and that has a form, with the project's own content."""
    load_content()
    saved = set()
    for model in content_models():
        row = model._base_manager.first()
        if not admin.site.is_registered(model) or row is None:
            continue
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        form = admin_client.get(address).context["adminform"].form
        before = tokens()
        admin_client.post(address, posted(form))
        if tokens() != before:
            saved.add(model.__name__)
    assert saved >= {"Article", "Reference", "GlossaryTerm", "SynonymGroup", "ClinicalCode"}


def test_every_action_of_reviewers_changes_the_version():
    article = make_published_article()
    statement = make_statement(article, state="draft")
    actions = [
        lambda: submit_for_review(article, by=make_user("amir")),
        lambda: approve(article.revisions.get(number=2), by=article.live.reviewer.user),
        lambda: approve_statement(statement, by=article.live.reviewer.user),
        lambda: schedule_withdrawal(
            article, at=timezone.now() + timedelta(hours=1), by=article.live.reviewer.user, reason="Wrong."
        ),
        lambda: publish_due(timezone.now() + timedelta(hours=2)),
    ]
    unnoticed = []
    for number, action in enumerate(actions):
        before = tokens()
        action()
        article.refresh_from_db()
        unnoticed += [number] if tokens() == before else []
    assert unnoticed == []
    assert article.live is None


def posted(form):
    """What a browser sends back of a form that nobody changed, with empty formsets."""
    values = {}
    for field in form:
        value = field.value()
        if value is None or value is False:
            continue
        values[field.html_name] = "on" if value is True else value
    sets = ("care_cards", "references", "codes")
    return values | {f"{name}-{part}_FORMS": "0" for name in sets for part in ("TOTAL", "INITIAL")}


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_is_none(django_db_setup):
    term = make_term()
    before = tokens()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        GlossaryTerm.objects.filter(pk=term.pk).update(definition="Another.")
        assert tokens() != before
        raise ZeroDivisionError
    assert tokens() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda: make_term("sebum"),
        lambda: GlossaryTerm.objects.filter(slug="skin-barrier").update(definition="Another."),
        lambda: GlossaryTerm.objects.filter(slug="skin-barrier").delete(),
        lambda: Reference.objects.bulk_create([Reference(key="x2020", title="X", authors=["X Y"], year=2020)]),
        lambda: connection.cursor().execute("UPDATE education_article SET title = 'By hand'"),
    ],
)
def test_however_something_is_changed_the_version_changes(change):
    make_published_article()
    before = tokens()
    change()
    assert tokens() != before


def test_rows_of_older_changes_are_deleted_but_for_the_newest():
    now = timezone.now()
    ContentChange.objects.all().delete()
    for number, days in enumerate((9, 3, 2)):
        ContentChange.objects.create(id=number)
        ContentChange.objects.filter(id=number).update(changed_at=now - timedelta(days=days))
    assert content_version.delete_old_changes(now=now) == 2
    assert ContentChange.objects.get().id == 2
    assert content_version.delete_old_changes(now=now) == 0


def test_after_a_quiet_night_nobody_gets_the_page_of_yesterday():
    """Without traffic nobody asks for the version; then many come at once, and the database takes its time."""
    clock, version, readers = Clock(), "", 8
    started = threading.Barrier(readers)

    def read():
        time.sleep(0.1)
        return version

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_version, "_read", read)
        versions = content_version.ContentVersion(clock)
        version = "old"
        old = versions.current()
        version = "withdrawn"
        clock.now += 75

        def current(number):
            started.wait()
            return versions.current()

        found = together(readers, current)
    assert {one.digest for one in found} == {"withdrawn"}
    assert old.digest == "old"


def test_while_the_database_hangs_one_reader_waits_for_it_and_the_others_for_a_second(monkeypatch):
    clock, answers, asked = Clock(), threading.Event(), []

    def read():
        asked.append(1)
        if len(asked) > 1:
            answers.wait(20)
        return "version"

    monkeypatch.setattr(content_version, "_read", read)
    monkeypatch.setattr(content_version, "PATIENCE", 0.2)
    versions = content_version.ContentVersion(clock)
    versions.current()
    clock.now += 10
    hanging = threading.Thread(target=versions.current)
    hanging.start()
    while len(asked) < 2:
        time.sleep(0.01)
    assert [found.digest for found in together(4, lambda number: versions.current())] == ["version"] * 4
    answers.set()
    hanging.join()
    assert len(asked) == 2


def test_a_restored_database_brings_no_old_version_back():
    before = tokens()
    stored = list(ContentChange.objects.values())
    make_term("sebum")
    ContentChange.objects.all().delete()
    ContentChange.objects.bulk_create(ContentChange(**row) for row in stored)
    content_version.renew()
    assert tokens() != before


@pytest.mark.django_db(transaction=True)
def test_without_the_table_of_changes_content_can_still_be_written():
    call_command("migrate", "page_cache", "zero", verbosity=0)
    try:
        make_term("sebum")
    finally:
        call_command("migrate", "page_cache", verbosity=0)
    before = tokens()
    GlossaryTerm.objects.filter(slug="sebum").update(definition="Another.")
    assert tokens() != before


@pytest.mark.slow
def test_two_processes_of_one_release_share_their_pages():
    code = "import django; django.setup(); from gutskin.page_cache.store import release; print(release())"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", code]
    found = {
        subprocess.run(command, env=env | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout  # noqa: S603
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_a_new_day_is_a_new_version(monkeypatch):
    before = tokens()
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2031, 1, 1))
    assert tokens() != before


# When something fails.


def test_without_a_database_pages_can_be_read_for_a_while(site, django, clock, monkeypatch, settings):
    settings.PAGE_CACHE_WITHOUT_DATABASE = 300
    ask(site, "/about/")

    def fails():
        raise DatabaseError

    monkeypatch.setattr(content_version, "_read", fails)
    django.asked.clear()
    clock.now += 299
    assert ask(site, "/about/").status == "200 OK"
    assert django.asked == []
    clock.now += 2
    ask(site, "/about/")
    assert django.asked == ["/about/"]
