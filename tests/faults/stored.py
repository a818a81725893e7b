"""Decrypts what a site has stored, with its own keys, and compares it with what was acknowledged."""

import json
from collections import Counter

from tests import production

NAMES = ["name", "email", "skin_problem", "gut_details", "question"]
ANSWERS = f"""
from consultations.models import Inquiry
result = [[getattr(inquiry, name) for name in {NAMES}] for inquiry in Inquiry.objects.iterator()]
"""
FRAME = """
import json, sys, django
django.setup()
given = json.loads(sys.argv[1])
{code}
print(json.dumps(result))
"""


def inside(site, code: str, **given):
    """Runs Python code with the settings of the site. It reads `given` and sets `result`; both are passed as JSON."""
    env = site.env | {"DJANGO_SETTINGS_MODULE": "gutskin.settings"}
    done = production.run("-c", FRAME.format(code=code), json.dumps(given), env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def compare(site, acknowledged) -> tuple[int, int, int]:
    """Returns how many are stored, how many of the acknowledged are missing, and how many are stored twice."""
    stored = Counter(tuple(answers) for answers in inside(site, ANSWERS))
    acknowledged_answers = {tuple(answers[name] for name in NAMES) for answers in acknowledged}
    lost = sum(answers not in stored for answers in acknowledged_answers)
    doubled = sum(count - 1 for count in stored.values())
    return stored.total(), lost, doubled
