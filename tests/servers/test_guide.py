"""The first steps of docs/operators.md: what `make drill` does from beginning to end."""

import re

import pytest

from tests import production
from tests.drill import guide

pytestmark = pytest.mark.servers
# Without these it does not even start.
NEEDED = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "SITE_URL", "ALLOWED_HOSTS", "PRIVACY_EMAIL")
OPTIONAL = ("DIGEST_KEY", "BEHIND_PROXY", "EMAIL_URL", "RETENTION_DAYS", "HOLIDAYS")


def test_every_variable_that_the_deploy_check_misses_is_in_the_first_steps(tmp_path):
    env = production.environment(tmp_path, **dict.fromkeys(OPTIONAL))
    said = production.run("manage.py", "check", "--deploy", env=env).stderr
    described = set(re.findall(r"^\| `([A-Z_]+)`", guide.GUIDE.read_text(), re.M))
    missed = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b|\bHOLIDAYS\b", said)) & described
    assert missed >= set(OPTIONAL)
    assert (missed | set(NEEDED)) - guide.variables() == set()
