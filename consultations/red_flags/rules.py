"""The rules: what a patient is told, and how soon the request is to be read.

The advice is that of the care cards on our pages. Change a rule, its signs or how they are read, and give VERSION a new
value: it is stored with each request, and a test remembers which rules it stands for.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

VERSION = "2026-11.2"

# Gravest first, as they are shown.
LEVELS = ("emergency", "urgent", "non-urgent")


@dataclass(frozen=True)
class Rule:
    id: str
    label: str | Promise  # for staff
    advice: dict[str, str | Promise]  # by level; each goes on from a heading that ends in "if:"
    urgency: str
    # "No blood in my poo" is no sign. Of thoughts of harming oneself, each mention counts, whatever stands before it.
    heeds_no: bool = True


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
        "self-harm",
        _lazy("Thoughts of self-harm or of not wanting to live"),
        {
            "emergency": _lazy("somebody is harming themselves or is about to"),
            "urgent": _lazy("there are thoughts of self-harm or of not wanting to live"),
        },
        "urgent",
        heeds_no=False,
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
