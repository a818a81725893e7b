"""What a load balancer and a monitor are told: /healthz and /readyz."""

import json
import socket
from contextlib import closing
from datetime import timedelta

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.db import InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now

from education.management.commands.run_scheduler import Command as Scheduler
from gutskin.heartbeats.models import Heartbeat, beat, expected
from gutskin.static_files import outdated_file
from tests.production import free_port
from tests.silent_database import silent_database

PARTS = ["database", "migrations", "keys", "static_files", "cache", "outbox", "mail_worker", "scheduler", "backup"]


@pytest.fixture
def everything_runs(db):
    for name in expected:
        beat(name)


def ready(client, **query):
    response = client.get("/readyz", query)
    assert "no-store" in response.headers["Cache-Control"]
    return response.status_code, response.json()


def wrong(found):
    return [name for name in PARTS if found.get(name) is False]


def ran(name, ago):
    Heartbeat.objects.filter(name=name).update(beat_at=Now() - ago)


def test_healthz_answers_without_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.usefixtures("everything_runs")
def test_a_site_in_order_is_ready(client):
    assert ready(client) == (200, dict.fromkeys(PARTS, True) | {"problems": []})
    assert ready(client, strict="")[0] == 200


def test_a_silent_database_takes_the_machine_out(client, db):
    with silent_database():
        status, found = ready(client)
    assert (status, wrong(found)) == (503, ["database"])


def test_a_lost_connection_takes_the_machine_out_too(client, db):
    def lose(execute, sql, params, many, context):
        raise InterfaceError("connection already closed")

    with connection.execute_wrapper(lose):
        assert ready(client)[0] == 503


@pytest.mark.usefixtures("everything_runs")
def test_a_missing_migration_takes_the_machine_out_and_is_named(client):
    ((app, last),) = MigrationLoader(connection).graph.leaf_nodes("consultations")
    MigrationRecorder(connection).record_unapplied(app, last)
    status, found = ready(client)
    assert (status, wrong(found)) == (503, ["migrations"])
    assert f"{app}.{last}" in found["problems"][0]


@pytest.mark.usefixtures("everything_runs")
@pytest.mark.parametrize(
    ("name", "in_time", "late"),
    [
        ("scheduler", timedelta(minutes=4), timedelta(minutes=6)),
        ("mail_worker", timedelta(minutes=4), timedelta(minutes=6)),
        ("backup", timedelta(hours=35), timedelta(hours=37)),
    ],
)
def test_what_has_stopped_is_told_and_takes_no_page_out_of_service(client, name, in_time, late):
    ran(name, in_time)
    assert wrong(ready(client)[1]) == []
    ran(name, late)
    status, found = ready(client)
    assert (status, wrong(found), len(found["problems"])) == (200, [name], 1)
    # For a monitor that looks at the status only.
    assert ready(client, strict="")[0] == 503


def test_what_never_ran_is_told(client, db):
    assert wrong(ready(client)[1]) == ["mail_worker", "scheduler", "backup"]


@pytest.mark.usefixtures("everything_runs")
def test_who_makes_backups_otherwise_waits_for_none_of_ours(client, settings):
    ran("backup", timedelta(days=100))
    settings.BACKUP_WITHIN_HOURS = 0
    assert wrong(ready(client)[1]) == []


@pytest.mark.parametrize(("command", "name"), [("run_scheduler", "scheduler"), ("send_mail_queue", "mail_worker")])
def test_a_run_from_cron_counts(client, db, command, name, capsys):
    call_command(command)
    assert name not in wrong(ready(client)[1])


def test_a_loop_counts_after_each_round_that_the_database_took_part_in(client, db, monkeypatch):
    # The connection is in the transaction of the test.
    monkeypatch.setattr("gutskin.loop_command.close_old_connections", lambda: None)
    scheduler = Scheduler()
    monkeypatch.setattr(scheduler, "round", lambda: setattr(scheduler, "stopping", True))
    scheduler.run_until_stopped(0)
    assert "scheduler" not in wrong(ready(client)[1])

    Heartbeat.objects.all().delete()
    scheduler = Scheduler()

    def fail():
        scheduler.stopping = True
        raise InterfaceError

    monkeypatch.setattr(scheduler, "round", fail)
    monkeypatch.setattr("gutskin.loop_command.connection.close", lambda: None)
    scheduler.run_until_stopped(0)
    assert "scheduler" in wrong(ready(client)[1])


def test_a_backup_that_failed_does_not_count(client, db, tmp_path, capsys):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError):
        call_command("backup", to=tmp_path / "file")
    assert "backup" in wrong(ready(client)[1])


@pytest.mark.usefixtures("everything_runs")
def test_a_cache_that_is_gone_is_told_and_takes_no_page_out_of_service(client, settings):
    settings.CACHES = {"default": without_redis()}
    status, found = ready(client)
    assert (status, wrong(found)) == (200, ["cache"])


def without_redis():
    return {
        "BACKEND": "gutskin.shared_cache.TolerantRedisCache",
        "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
    }


@pytest.fixture
def collected(settings, tmp_path):
    """The storage of production, after a collectstatic of two files of ours."""
    sources, root = tmp_path / "sources", tmp_path / "collected"
    (sources / "css").mkdir(parents=True)
    (sources / "css" / "site.css").write_text("p { color: red }")
    (sources / "page.js").write_text("let a = 1;")
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [sources], root
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "gutskin.static_files.StaticFiles"}}
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", interactive=False, verbosity=0)
    return sources, root


@pytest.mark.usefixtures("everything_runs")
def test_a_collected_file_that_is_gone_takes_the_machine_out_and_is_named(client, collected):
    _sources, root = collected
    assert ready(client)[0] == 200
    hashed = staticfiles_storage.stored_name("css/site.css")
    (root / hashed).unlink()
    status, found = ready(client)
    assert (status, wrong(found)) == (503, ["static_files"])
    assert hashed in found["problems"][0]


@pytest.mark.usefixtures("everything_runs")
def test_a_manifest_that_is_gone_takes_the_machine_out_and_is_named(client, collected):
    _sources, root = collected
    (root / "staticfiles.json").unlink()
    status, found = ready(client)
    assert status == 503
    assert str(root / "staticfiles.json") in found["problems"][0]


def test_files_of_another_version_are_named(collected):
    sources, root = collected
    assert outdated_file() == ""
    (sources / "css" / "site.css").write_text("p { color: blue }")
    assert "css/site.css was changed" in outdated_file()
    (sources / "css" / "site.css").write_text("p { color: red }")
    (sources / "new.css").write_text("")
    assert "new.css was changed" in outdated_file()
    (sources / "new.css").unlink()
    assert outdated_file() == ""
    manifest = json.loads((root / "staticfiles.json").read_text())
    # As an older version wrote it.
    (root / "staticfiles.json").write_text(json.dumps({name: manifest[name] for name in ("paths", "version", "hash")}))
    assert outdated_file()


def test_redis_that_hangs_is_told_within_a_second(client, settings, everything_runs):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        settings.CACHES = {"default": without_redis() | {"LOCATION": f"redis://127.0.0.1:{server.getsockname()[1]}"}}
        assert wrong(ready(client)[1]) == ["cache"]
