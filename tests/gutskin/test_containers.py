"""Dockerfile and compose.yaml, as far as they can be checked without building them. `make check` runs hadolint too."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.gutskin.sources import ROOT

SCHEMA = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()


@pytest.fixture
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_compose_file_follows_the_specification(compose):
    problems = jsonschema.Draft7Validator(SCHEMA).iter_errors(compose)
    assert [f"{list(problem.path)}: {problem.message}" for problem in problems] == []


def test_the_schema_would_notice_a_mistake(compose):
    compose["services"]["app"]["helthcheck"] = {}
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(compose)


def test_every_part_of_the_service_is_there(compose):
    assert {"app", "mail", "scheduler", "database", "cache", "nginx"} <= compose["services"].keys()


def test_no_service_has_more_rights_than_it_needs(compose):
    for name, service in compose["services"].items():
        assert "privileged" not in service, name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not any("docker.sock" in str(volume) for volume in service.get("volumes", [])), name


def test_only_the_proxy_is_open_to_the_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["nginx"]
    assert compose["networks"]["inside"]["internal"] is True
    outside = [name for name, service in compose["services"].items() if "outside" in service["networks"]]
    assert sorted(outside) == ["mail", "nginx", "scheduler"]


def test_secrets_come_from_the_environment_and_are_demanded(compose):
    variables = compose["services"]["app"]["environment"]
    for name in [
        "SECRET_KEY",
        "DIGEST_KEY",
        "FIELD_ENCRYPTION_KEYS",
        "SITE_URL",
        "ALLOWED_HOSTS",
        "EMAIL_URL",
        "INTAKE_EMAIL",
        "PRIVACY_EMAIL",
    ]:
        assert variables[name].startswith(f"${{{name}:?"), name
    assert "${POSTGRES_PASSWORD:?" in variables["DATABASE_URL"]


def test_every_variable_of_the_settings_is_passed_on_and_documented(compose):
    source = (ROOT / "gutskin" / "settings.py").read_text()
    names = set(re.findall(r'(?:env\.\w+|secret|key_ring)\("([A-Z_]+)"', source))
    decided_by_compose = {"DEBUG", "HTTPS"}  # their defaults are the ones for production
    assert names - decided_by_compose - compose["services"]["app"]["environment"].keys() == set()
    table = (ROOT / "docs" / "operators.md").read_text()
    assert [name for name in sorted(names) if f"| `{name}` |" not in table] == []


def test_the_image_runs_as_an_unprivileged_user():
    user = re.findall(r"^USER (\S+)$", DOCKERFILE, re.M)[-1]
    assert user.isdigit()
    assert int(user) > 0


def test_the_image_holds_what_the_site_needs_and_nothing_of_this_machine():
    copied = set(re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.M))
    names = {name for line in copied for name in line.split()}
    assert names == {
        "requirements.txt",
        "requirements-pdf.txt",
        "manage.py",
        "Procfile",
        "gutskin",
        "education",
        "consultations",
        "templates",
        "static",
    }
    sent = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert sent == names


def test_the_image_checks_its_health_and_installs_by_hash():
    assert "HEALTHCHECK" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE


def test_the_image_can_make_backups_of_the_database(compose):
    """pg_dump must not be older than the database: Debian's trixie has 17."""
    assert "postgresql-client" in DOCKERFILE
    assert re.search(r"^FROM python:\S+-slim-trixie$", DOCKERFILE, re.M)
    assert compose["services"]["database"]["image"] == "postgres:17-trixie"


def test_the_proxy_sets_the_headers_that_the_application_trusts():
    """BEHIND_PROXY makes the application trust these two headers, so no visitor may set them."""
    proxy = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in proxy
    # What the only other log has: tests/servers/test_proxy.py.
    assert re.findall(r"^    access_log (.*);$", proxy, re.M) == ["off", "/var/log/nginx/access.log gutskin"]


def test_the_proxy_has_its_error_page_and_its_temporary_files_are_bounded_and_in_memory(compose):
    nginx = compose["services"]["nginx"]
    assert "./docs/deploy/error-pages:/etc/nginx/error-pages:ro" in nginx["volumes"]
    assert nginx["tmpfs"] == ["/tmp:size=1g"]  # noqa: S108  in the container
    assert nginx["read_only"] is True


def test_nginx_has_the_static_files_of_the_image(compose):
    """`prepare` copies them before the application starts, into a folder that its account may write to."""
    assert "static:/var/www/gutskin/static:ro" in compose["services"]["nginx"]["volumes"]
    prepare = compose["services"]["prepare"]
    assert prepare["volumes"] == ["static:/srv/static"]
    assert prepare["command"][-1].endswith("cp --recursive var/static/. /srv/static/")
    user = re.findall(r"^USER (\S+)$", DOCKERFILE, re.M)[-1]
    assert f"install --directory --owner={user} /srv/static" in DOCKERFILE
    assert "root /var/www/gutskin;" in (ROOT / "docs" / "deploy" / "nginx.conf").read_text()


def test_every_process_of_the_service_is_one_of_the_procfile_and_may_finish_what_it_does(compose):
    """honcho would kill it after five seconds, and Docker after ten."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    graceful = int(re.search(r"--graceful-timeout (\d+)", lines["web"])[1])
    for name in ("app", "mail", "scheduler"):
        service = compose["services"][name]
        command = service.get("command", ["python", "-m", "gutskin.procfile", "web"])
        assert command[:3] == ["python", "-m", "gutskin.procfile"]
        # The process itself gets the signal, not a shell.
        assert lines[command[3]].startswith("exec ")
        assert int(service["stop_grace_period"].removesuffix("s")) > graceful


def test_a_process_that_the_procfile_does_not_have_is_named():
    stopped = subprocess.run(
        [sys.executable, "-m", "gutskin.procfile", "wep"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert stopped.returncode == 1
    assert stopped.stderr == "The Procfile has no process 'wep', only web, mail, scheduler.\n"


def test_nginx_waits_for_a_form_with_photos():
    """As long as four others take that came before it; gunicorn gives it as much when it stops."""
    proxy = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    of_forms = int(re.search(r"location /consult/ \{.*?proxy_read_timeout (\d+)s;", proxy, re.S)[1])
    # Read from the file: tests give photos more time.
    of_photos = re.search(r"^PHOTO_SECONDS_PER_FORM = (\d+)", (ROOT / "gutskin" / "limits.py").read_text(), re.M)
    assert of_forms >= 5 * int(of_photos[1])
    assert int(re.search(r"--graceful-timeout (\d+)", (ROOT / "Procfile").read_text())[1]) >= of_forms


def test_the_web_process_listens_where_the_proxy_and_the_probe_ask(tmp_path):
    """With the image's command, and its environment."""
    (tmp_path / "Procfile").write_text('web: echo "$HOST:$PORT"\n')
    [environment] = re.findall(r"^ENV ((?:.*\\\n)*.*)", DOCKERFILE, re.M)
    variables = dict(line.strip(" \\").split("=", 1) for line in environment.splitlines())
    command = json.loads(re.search(r"^CMD (.*)", DOCKERFILE, re.M)[1])

    assert command[0] == "python"
    variables |= {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    printed = subprocess.run([sys.executable, *command[1:]], cwd=tmp_path, env=variables, capture_output=True)  # noqa: S603

    assert b"0.0.0.0:8000" in printed.stdout.splitlines()
    assert re.search(r"server app:8000 ", (ROOT / "docs" / "deploy" / "nginx.conf").read_text())
    assert "EXPOSE 8000" in DOCKERFILE
