"""The first start: two at once end well, and what it makes is for its owner only."""

import os
import runpy
import shutil
import socket
import stat
import subprocess
import sys
import time

import pytest

from gutskin import make_env, start
from gutskin.encryption.keys import parse_key_ring
from tests import production
from tests.production import readable_by_others

pytestmark = pytest.mark.servers

WAITS = "Another command is setting up this site. Waiting for it to finish ..."
HOLDS_THE_LOCK = "import sys; print('holding', flush=True); sys.stdin.read()"


def without_make():
    """The environment of a terminal: `make test` leaves variables for a make below it, which would then print more."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def test_of_two_first_starts_at_once_one_waits_for_the_other(first_starts):
    _folder, printed = first_starts

    assert sum(output.count(WAITS) for output in printed) == 1
    assert sum(output.count("var/.env written") for output in printed) == 1


def test_make_admin_fails_without_a_terminal(tmp_path):
    """createsuperuser would create no one and succeed. In a folder of its own, so that nothing could be installed."""
    shutil.copy(production.ROOT / "Makefile", tmp_path)
    options = {
        "cwd": tmp_path,
        "env": without_make(),
        "stdin": subprocess.DEVNULL,
        "capture_output": True,
        "text": True,
    }
    made = subprocess.run(["make", "admin", f"PYTHON={sys.executable}"], timeout=60, **options)  # noqa: S603, S607
    assert made.returncode == 2
    assert made.stdout == "make admin asks for a name and a password, so it must be run on a terminal.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["Makefile"]


def test_a_command_under_the_lock_waits_for_another_and_passes_on_how_it_ended(tmp_path):
    env = os.environ | {"PYTHONPATH": str(production.ROOT)}
    with_lock = [sys.executable, "-m", "gutskin.setup_lock", sys.executable, "-c"]
    options = {"cwd": tmp_path, "env": env, "stdout": subprocess.PIPE, "text": True}
    first = subprocess.Popen([*with_lock, HOLDS_THE_LOCK], stdin=subprocess.PIPE, **options)  # noqa: S603
    assert first.stdout.readline() == "holding\n"
    second = subprocess.Popen([*with_lock, "raise SystemExit(3)"], **options)  # noqa: S603
    assert second.stdout.readline() == f"{WAITS}\n"
    time.sleep(0.2)
    assert second.poll() is None

    first.communicate("", timeout=20)

    assert second.wait(timeout=20) == 3
    second.stdout.close()


def test_the_lock_is_held_until_everything_that_the_command_started_has_ended(tmp_path):
    """`make` killed half-way leaves pip running for a while."""
    env = os.environ | {"PYTHONPATH": str(production.ROOT)}
    sleeper = "import subprocess; subprocess.Popen(['sleep', '1'], close_fds=False)"
    with_lock = [sys.executable, "-m", "gutskin.setup_lock", sys.executable, "-c"]
    subprocess.run([*with_lock, sleeper], cwd=tmp_path, env=env, check=True, timeout=20)  # noqa: S603

    second = subprocess.run([*with_lock, ""], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=20)  # noqa: S603

    assert (second.returncode, second.stdout) == (0, f"{WAITS}\n")


def test_what_the_site_makes_is_for_its_owner_only(prepared_folder, tmp_path):
    assert readable_by_others(prepared_folder) == {}
    var = tmp_path / "var"
    shutil.copytree(prepared_folder, var)
    # Made by an earlier version, or by hand.
    (var / "mail").mkdir(mode=0o755)
    old = var / "mail" / "old.log"
    old.write_text("Dear Amina")
    old.chmod(0o644)
    env = production.environment(var, EMAIL_URL=f"filemail:///{var / 'mail'}")
    write = (
        "from django.core.mail import send_mail; send_mail('a', 'b', None, ['amina@example.org']); "
        "from django.core.management import call_command; call_command('backup')"
    )
    for arguments in (production.PREPARE, ["manage.py", "shell", "--command", write]):
        command = production.run(*arguments, env=env)
        assert command.returncode == 0, command.stderr

    made = {path.relative_to(var).parts[0] for path in var.rglob("*")}
    assert {".env", "gutskin.sqlite3", "static", "backups", "mail"} <= made
    assert len(list((var / "mail").iterdir())) == 2
    assert readable_by_others(var) == {}


def test_make_env_says_whether_it_wrote_the_file(tmp_path):
    env = {"VAR_DIR": str(tmp_path)}
    said = [production.run("-m", "gutskin.make_env", env=env).stdout for _ in range(2)]

    assert said == ["var/.env written with fresh secrets.\n", "var/.env is already there; nothing was changed.\n"]


@pytest.mark.parametrize("command", [["-m", "gutskin.make_env"], production.PREPARE])
def test_a_var_dir_that_cannot_be_used_is_named(tmp_path, command):
    a_file = tmp_path / "var"
    a_file.write_text("")
    for folder in (a_file, a_file / "below", "/proc/gutskin"):
        stopped = production.run(*command, env=production.environment(folder))
        assert stopped.returncode == 1
        assert stopped.stderr.startswith(f"VAR_DIR is {folder}, which cannot be used (")
        assert "Traceback" not in stopped.stderr


@pytest.fixture
def var(tmp_path, monkeypatch):
    """A VAR_DIR that is not made yet. What these functions do to the process is undone."""
    folder = tmp_path / "var"
    monkeypatch.setattr(make_env, "VAR_DIR", folder)
    monkeypatch.setattr(make_env, "ENV_FILE", folder / ".env")
    umask = os.umask(0o022)
    yield folder
    os.umask(umask)


def test_every_site_has_secrets_of_its_own(var):
    assert make_env.make_env()
    first = (var / ".env").read_text()
    assert not make_env.make_env()
    assert (var / ".env").read_text() == first
    assert readable_by_others(var) == {}

    (var / ".env").unlink()
    make_env.make_env()
    secrets = [
        dict(line.split("=", 1) for line in text.splitlines()[1:]) for text in (first, (var / ".env").read_text())
    ]
    for name in ("SECRET_KEY", "DIGEST_KEY", "FIELD_ENCRYPTION_KEYS"):
        assert secrets[0][name] != secrets[1][name]
    assert list(parse_key_ring(secrets[0]["FIELD_ENCRYPTION_KEYS"], name="FIELD_ENCRYPTION_KEYS")) == ["k1"]


def test_a_link_in_the_folder_does_not_change_what_it_leads_to(var, tmp_path):
    elsewhere = tmp_path / "public.txt"
    elsewhere.write_text("for everybody")
    elsewhere.chmod(0o644)
    var.mkdir()
    (var / "link").symlink_to(elsewhere)
    (var / "link to nothing").symlink_to(tmp_path / "gone")

    make_env.keep_private()

    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "host, port, url, settings",
    [
        ("127.0.0.1", "9000", "http://127.0.0.1:9000", {"SITE_URL": "http://127.0.0.1:9000"}),
        ("0.0.0.0", "8000", "http://127.0.0.1:8000", {"SITE_URL": "http://127.0.0.1:8000"}),  # noqa: S104
        ("192.0.2.7", "8000", "http://192.0.2.7:8000", {"ALLOWED_HOSTS": "127.0.0.1,localhost,192.0.2.7"}),
    ],
)
def test_links_follow_the_address_of_this_run(var, monkeypatch, host, port, url, settings):
    monkeypatch.setattr(start, "ENV_FILE", var / ".env")
    make_env.make_env()
    for name in ("SITE_URL", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name)

    assert start.adopt_address(host, port) == url

    assert {name: os.environ.get(name) for name in settings} == settings


def test_an_address_that_the_operator_decided_stays(var, monkeypatch):
    monkeypatch.setattr(start, "ENV_FILE", var / ".env")
    var.mkdir()
    (var / ".env").write_text("SITE_URL=https://skin.example\nALLOWED_HOSTS=skin.example\n")
    for name in ("SITE_URL", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name)

    assert start.adopt_address("127.0.0.1", "9000") == "http://127.0.0.1:9000"

    assert not {"SITE_URL", "ALLOWED_HOSTS"} & set(os.environ)


def says_about(monkeypatch, host, port):
    """What `make run` says before it prepares anything, or None if host and port are fine."""
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", port)
    try:
        runpy.run_module("gutskin.free_port", run_name="__main__")
    except SystemExit as stopped:
        return stopped.code
    return None


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_host_of_another_machine_is_named(monkeypatch, host):
    assert says_about(monkeypatch, host, "8000").startswith(f"HOST={host} is not an address of this machine.")


@pytest.mark.parametrize("port", ["", "0", "65536", "80 ", "-1", "http", "²"])
def test_a_port_that_is_none_is_named(monkeypatch, port):
    assert says_about(monkeypatch, "127.0.0.1", port).startswith(f"PORT={port} is not a port number.")


def test_a_port_that_is_taken_is_named(monkeypatch):
    port = str(production.free_port())
    assert says_about(monkeypatch, "127.0.0.1", port) is None
    with socket.create_server(("127.0.0.1", int(port))):
        assert says_about(monkeypatch, "127.0.0.1", port).startswith(f"Port {port} on 127.0.0.1 cannot be used;")
    assert says_about(monkeypatch, "127.0.0.1", port) is None


def test_a_python_that_is_none_is_named():
    stopped = subprocess.run(
        ["make", "python-found", "PYTHON=/nonexistent"],  # noqa: S607
        cwd=production.ROOT,
        env=without_make(),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert stopped.returncode != 0
    assert stopped.stdout.startswith("/nonexistent is not a Python 3.11 or newer.")
