"""Writes var/.env with fresh secrets for a site on this machine, unless it is there.

Run as `python -m gutskin.make_env`; `make run` does. A production site sets the same variables in its own environment.
"""

import base64
import contextlib
import os
import secrets
import stat
import sys
import tempfile
from pathlib import Path

# What is made at run time: the database, mail, collected static files. It may be outside the source tree.
VAR_DIR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var")
ENV_FILE = VAR_DIR / ".env"

TEMPLATE = """\
# Made for this machine. Keep it: without FIELD_ENCRYPTION_KEYS the stored requests cannot be read.
SECRET_KEY={secret_key}
DIGEST_KEY={digest_key}
FIELD_ENCRYPTION_KEYS=k1:{encryption_key}
ALLOWED_HOSTS=127.0.0.1,localhost
SITE_URL=http://127.0.0.1:8000
HTTPS=off
"""


def make_var_dir():
    """Exits with a sentence when VAR_DIR cannot be a folder that this account can write to."""
    try:
        VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Created and removed at once: on some file systems access() does not say what writing would.
        tempfile.TemporaryFile(dir=VAR_DIR).close()
    except OSError as error:
        sys.exit(f"VAR_DIR is {VAR_DIR}, which cannot be used ({error.strerror}). Give a folder you can write to.")


def keep_private():
    """Files made from now on, and those already in VAR_DIR, are for their owner only: they hold what patients wrote."""
    os.umask(0o077)
    make_var_dir()
    for folder, _, names in os.walk(VAR_DIR):
        for path in [Path(folder), *(Path(folder, name) for name in names)]:
            # A running site may just have removed the file; one of another user is not ours to change.
            with contextlib.suppress(FileNotFoundError, PermissionError):
                mode = path.lstat().st_mode
                if mode & 0o077 and not stat.S_ISLNK(mode):
                    path.chmod(stat.S_IMODE(mode) & 0o700)


def make_env() -> bool:
    """Creates the file with mode 600; False if there was one already."""
    make_var_dir()
    try:
        descriptor = os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(
            TEMPLATE.format(
                secret_key=secrets.token_urlsafe(50),
                digest_key=secrets.token_urlsafe(50),
                encryption_key=base64.b64encode(secrets.token_bytes(32)).decode(),
            )
        )
    return True


if __name__ == "__main__":
    if make_env():
        print("var/.env written with fresh secrets.")
    else:
        print("var/.env is already there; nothing was changed.")
