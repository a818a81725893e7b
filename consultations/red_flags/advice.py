"""The page between form and sending: what to do about warning signs, and the proof that it was on the screen."""

from collections.abc import Sequence

from django.utils.crypto import constant_time_compare

from consultations.red_flags import LEVELS, VERSION, Rule
from gutskin.encryption.digests import keyed_digest


def acknowledgement(signs: Sequence[Rule]) -> str:
    """What the button of that page sends. It stands for these rules of this version, and says which to nobody."""
    return keyed_digest("advice-read", " ".join([VERSION, *sorted(rule.id for rule in signs)]))


def is_read(signs: Sequence[Rule], acknowledged: str) -> bool:
    """Was the advice about just these signs on the screen? Forged, or of an older version of the rules, it was not."""
    return not signs or constant_time_compare(acknowledged, acknowledgement(signs))


def advice_about(signs: Sequence[Rule]) -> list[tuple[str, list]]:
    """(level, lines of advice), gravest level first."""
    lines = {level: [rule.advice[level] for rule in signs if level in rule.advice] for level in LEVELS}
    return [(level, lines[level]) for level in LEVELS if lines[level]]
