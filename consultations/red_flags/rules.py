"""The rules for red flags, most serious first, and the proof that a patient has read the advice of some of them.

Whenever you change a rule, its signs or how they are matched, give VERSION a new value: it is stored with each request,
and a test pins which rules each version stands for.
"""

from collections.abc import Sequence

from django.utils.crypto import constant_time_compare

from consultations.red_flags.advice import Rule
from consultations.red_flags.emergency_department_rules import EMERGENCY_DEPARTMENT_RULES
from consultations.red_flags.emergency_rules import EMERGENCY_RULES
from consultations.red_flags.own_doctor_rules import OWN_DOCTOR_RULES
from gutskin.encryption.digests import keyed_digest

VERSION = "2026-11.6"

RULES = [*EMERGENCY_RULES, *EMERGENCY_DEPARTMENT_RULES, *OWN_DOCTOR_RULES]


def acknowledgement(signs: Sequence[Rule]) -> str:
    """What the button on the advice page sends: a keyed digest of the version and of the rules advised about.

    Being keyed, it cannot be forged by a form that skips the page, and it does not reveal which rules matched.
    """
    return keyed_digest("advice-read", " ".join([VERSION, *sorted(rule.id for rule in signs)]))


def is_acknowledged(signs: Sequence[Rule], acknowledged: str) -> bool:
    """Was the advice about exactly these signs shown? Not if it was for other signs or another VERSION."""
    return not signs or constant_time_compare(acknowledged, acknowledgement(signs))
