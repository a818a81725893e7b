"""A database that another version made is named, instead of an obscure error."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from gutskin import checks
from gutskin.checks import (
    applied_migrations,
    check_migration_history,
    check_proxy,
    check_static_of_nginx,
    is_open,
    unknown_migrations,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_database():
    """One from before the migrations were restarted."""
    recorder = MigrationRecorder(connection)
    recorder.record_applied("accounts", "0001_doors")
    recorder.record_applied("consultations", "0002_staff_groups")


def test_a_database_of_this_version_is_in_order():
    assert check_migration_history(databases=["default"]) == []


def test_migrations_of_libraries_are_not_ours_to_judge():
    MigrationRecorder(connection).record_applied("axes", "0099_from_a_newer_release")
    assert unknown_migrations(applied_migrations(connection)) == []


@pytest.mark.usefixtures("old_database")
def test_migrations_that_no_longer_exist_are_named():
    assert unknown_migrations(applied_migrations(connection)) == [
        "accounts.0001_doors",
        "consultations.0002_staff_groups",
    ]


@pytest.mark.usefixtures("old_database")
def test_migrate_stops_with_what_to_do():
    with pytest.raises(SystemCheckError, match=r"Databases from before 1\.0 cannot be upgraded") as error:
        call_command("migrate", skip_checks=False)
    assert "accounts.0001_doors" in str(error.value)


def test_nothing_is_asked_of_the_database_unless_it_is_named(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert check_migration_history() == []


@pytest.mark.parametrize(
    "https, behind_proxy, warned", [(True, False, True), (True, True, False), (False, False, False)]
)
def test_https_without_a_proxy_is_reported(settings, https, behind_proxy, warned):
    settings.HTTPS, settings.BEHIND_PROXY = https, behind_proxy
    assert [warning.id for warning in check_proxy()] == ["gutskin.E002"] * warned


def test_static_files_that_nginx_cannot_read_are_reported(tmp_path, monkeypatch):
    # The folders of the test itself are for its user only.
    private, copied = tmp_path / "var" / "static", tmp_path / "www" / "static"
    private.mkdir(parents=True)
    copied.parent.mkdir()
    monkeypatch.setattr(checks, "NGINX_STATIC", copied)
    monkeypatch.setattr(checks, "is_open", lambda folder: tmp_path not in folder.parents or is_open(folder))
    assert check_static_of_nginx() == [], "there is no copy, and the application serves them"
    copied.symlink_to(private)
    (tmp_path / "var").chmod(0o700)
    [warning] = check_static_of_nginx()
    assert (warning.id, f"{tmp_path / 'var'} is closed" in warning.msg) == ("gutskin.W004", True)
    for folder in (tmp_path / "var", private):
        folder.chmod(0o755)
    assert check_static_of_nginx() == []
    private.chmod(0o700)
    assert len(check_static_of_nginx()) == 1
