"""Prepares the site on this machine and starts it: what `make run` does once the requirements are installed.

`--prepare-only` and `--run-only` do one of the two.
"""

import io
import os
import sys
from pathlib import Path

from gutskin.make_env import ENV_FILE, VAR_DIR, keep_private, make_env
from gutskin.setup_lock import setup_lock

DEFAULT_SITE_URL = "http://127.0.0.1:8000"
DEFAULT_HOSTS = "127.0.0.1,localhost"


def adopt_address(host: str, port: str) -> str:
    """Links and the check of the Host header follow HOST and PORT for this run, unless the operator decided them."""
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104  compared with, not listened on
    url = f"http://{'127.0.0.1' if everywhere else host}:{port}"
    written = ENV_FILE.read_text().splitlines()
    if f"SITE_URL={DEFAULT_SITE_URL}" in written:
        os.environ.setdefault("SITE_URL", url)
    if f"ALLOWED_HOSTS={DEFAULT_HOSTS}" in written and not everywhere:
        os.environ.setdefault("ALLOWED_HOSTS", f"{DEFAULT_HOSTS},{host}")
    return url


def prepare():
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    try:
        # With its checks: a database that another version made is named before anything is changed.
        call_command("migrate", verbosity=0, skip_checks=False)
        call_command("check", databases=["default"], stdout=io.StringIO())
    except SystemCheckError as error:
        sys.exit(str(error))
    call_command("load_content")
    collect_static()


def collect_static():
    """Compressing takes several seconds, so it is done only when a source is not what it was the last time."""
    from django.core.management import call_command

    from gutskin.static_files import outdated_file

    if outdated_file():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def main():
    os.chdir(Path(__file__).resolve().parent.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gutskin.settings")
    keep_private()
    with setup_lock(VAR_DIR):
        if make_env():
            print("var/.env written with fresh secrets. Keep it: without it the stored requests cannot be read.")
        url = adopt_address(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))
        if "--run-only" not in sys.argv:
            prepare()
    if "--prepare-only" in sys.argv:
        return
    print(f"GutSkin starts at {url}/  (Ctrl-C stops it)", flush=True)
    # The interpreter's own folder comes first: what the Procfile calls python has the requirements.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    os.environ["PYTHONUNBUFFERED"] = "1"
    os.execv(sys.executable, [sys.executable, "-m", "honcho", "start"])  # noqa: S606  no shell, nothing from outside


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
