"""Writes var/.env with fresh secrets for a site on this machine, unless it is there.

Run as `python -m gutskin.make_env`; `make run` does. A production site sets the same variables in its own environment.
"""

import base64
import os
import secrets
from pathlib import Path

# What is made at run time: the database, mail, collected static files. It may be elsewhere than the code.
VAR_DIR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var")
ENV_FILE = VAR_DIR / ".env"

TEMPLATE = """\
# Made for this machine. Keep it: without FIELD_ENCRYPTION_KEYS nobody can read the stored requests any more.
SECRET_KEY={secret_key}
DIGEST_KEY={digest_key}
FIELD_ENCRYPTION_KEYS=k1:{encryption_key}
ALLOWED_HOSTS=127.0.0.1,localhost
SITE_URL=http://127.0.0.1:8000
HTTPS=off
"""


def make_env() -> bool:
    """Creates the file with mode 600; False if there was one already."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
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
