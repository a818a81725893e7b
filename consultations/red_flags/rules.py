"""The rules for red flags: the advice that a patient is shown, and how urgent the request becomes.

The advice is that of the care cards on our pages. Whenever you change a rule, its signs or how they are matched, give
VERSION a new value: it is stored with each request, and a test pins which rules each version stands for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.digests import keyed_digest

VERSION = "2026-11.2"

# Most serious first, which is also the order on the page.
LEVELS = ("emergency", "urgent", "non-urgent")


@dataclass(frozen=True)
class Rule:
    id: str
    label: str | Promise  # for staff
    advice: dict[str, str | Promise]  # by level; each completes a heading that ends in "if:"
    urgency: str  # a value of Urgency: the queue and the date due follow it
    # "No blood in my poo" is not a sign. For thoughts of self-harm every mention counts, even "I do not want to die".
    respects_negation: bool = True


RULES = [
    Rule(
        "airway",
        _lazy("Swelling of lips, tongue or throat, trouble breathing, or collapse after food"),
        {
            "emergency": _lazy(
                "the lips, tongue or throat swell, it is hard to breathe, or somebody collapses after food"
            )
        },
        "urgent",
    ),
    Rule(
        "sepsis",
        _lazy("Infection with confusion, fast breathing or mottled skin"),
        {"emergency": _lazy("there is an infection with confusion, fast breathing or mottled skin")},
        "urgent",
    ),
    Rule(
        "skin-failure",
        _lazy("Skin red, hot or peeling over most of the body, with fever"),
        {"emergency": _lazy("the skin is red, hot or peeling over most of the body, with a fever")},
        "urgent",
    ),
    Rule(
        "pustules",
        _lazy("Pus-filled spots over much of the body, with fever"),
        {"emergency": _lazy("spots filled with pus appear over much of the body, with a fever")},
        "urgent",
    ),
    Rule(
        # Two levels: the emergency card comes first, and both are shown.
        "self-harm",
        _lazy("Thoughts of self-harm or of not wanting to live"),
        {
            "emergency": _lazy("somebody is harming themselves or is about to"),
            "urgent": _lazy("there are thoughts of self-harm or of not wanting to live"),
        },
        "urgent",
        respects_negation=False,
    ),
    Rule(
        "painful-blisters",
        _lazy("Painful blisters, or punched-out sores on eczema"),
        {"urgent": _lazy("there are painful blisters, or sores on eczema that look punched out")},
        "urgent",
    ),
    Rule(
        "eye",
        _lazy("Eye pain or blurred sight"),
        {"urgent": _lazy("an eye hurts, or sight is blurred")},
        "urgent",
    ),
    Rule(
        "spreading-skin",
        _lazy("Hot, painful skin that spreads"),
        {"urgent": _lazy("there is hot, painful skin that spreads")},
        "urgent",
    ),
    Rule(
        "blood-in-poo",
        _lazy("Blood in the stool, or black stool"),
        {"urgent": _lazy("there is blood in the poo, or the poo is black")},
        "urgent",
    ),
    Rule(
        "antibiotic-diarrhoea",
        _lazy("Diarrhoea with fever, during or after antibiotics"),
        {"urgent": _lazy("there is diarrhoea with a fever, during or after antibiotics")},
        "urgent",
    ),
    Rule(
        "weight-loss",
        _lazy("Weight loss without trying"),
        {"non-urgent": _lazy("somebody loses weight without meaning to")},
        "soon",
    ),
    Rule(
        "child-not-growing",
        _lazy("A child who does not grow, or loses weight"),
        {"non-urgent": _lazy("a child is not growing, or loses weight")},
        "soon",
    ),
]


def acknowledgement(signs: Sequence[Rule]) -> str:
    """What the button on the advice page sends: a keyed digest of the version and of the rules advised about.

    Being keyed, it cannot be forged by a form that skips the page, and it does not reveal which rules matched.
    """
    return keyed_digest("advice-read", " ".join([VERSION, *sorted(rule.id for rule in signs)]))


def is_acknowledged(signs: Sequence[Rule], acknowledged: str) -> bool:
    """Was the advice about exactly these signs shown? Not if it was for other signs or another VERSION."""
    return not signs or constant_time_compare(acknowledged, acknowledgement(signs))


def advice_for(signs: Sequence[Rule]) -> list[tuple[str, list]]:
    """Pairs of level and lines of advice, most serious level first."""
    lines = {level: [rule.advice[level] for rule in signs if level in rule.advice] for level in LEVELS}
    return [(level, lines[level]) for level in LEVELS if lines[level]]
