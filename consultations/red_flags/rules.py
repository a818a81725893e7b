"""The rules: what a patient is told, and how soon the request is to be read.

The advice is that of the care cards on our pages. Change a rule, its signs or how they are read, and give VERSION a new
value: it is stored with each request, and a test remembers which rules it stands for.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
        _("Swelling of lips, tongue or throat, trouble breathing, or collapse after food"),
        {"emergency": _("the lips, tongue or throat swell, it is hard to breathe, or somebody collapses after food")},
        "urgent",
    ),
    Rule(
        "sepsis",
        _("Infection with confusion, fast breathing or mottled skin"),
        {"emergency": _("there is an infection with confusion, fast breathing or mottled skin")},
        "urgent",
    ),
    Rule(
        "skin-failure",
        _("Skin red, hot or peeling over most of the body, with fever"),
        {"emergency": _("the skin is red, hot or peeling over most of the body, with a fever")},
        "urgent",
    ),
    Rule(
        "pustules",
        _("Pus-filled spots over much of the body, with fever"),
        {"emergency": _("spots filled with pus appear over much of the body, with a fever")},
        "urgent",
    ),
    Rule(
        "self-harm",
        _("Thoughts of self-harm or of not wanting to live"),
        {
            "emergency": _("somebody is harming themselves or is about to"),
            "urgent": _("there are thoughts of self-harm or of not wanting to live"),
        },
        "urgent",
        heeds_no=False,
    ),
    Rule(
        "painful-blisters",
        _("Painful blisters, or punched-out sores on eczema"),
        {"urgent": _("there are painful blisters, or sores on eczema that look punched out")},
        "urgent",
    ),
    Rule(
        "eye",
        _("Eye pain or blurred sight"),
        {"urgent": _("an eye hurts, or sight is blurred")},
        "urgent",
    ),
    Rule(
        "spreading-skin",
        _("Hot, painful skin that spreads"),
        {"urgent": _("there is hot, painful skin that spreads")},
        "urgent",
    ),
    Rule(
        "blood-in-poo",
        _("Blood in the stool, or black stool"),
        {"urgent": _("there is blood in the poo, or the poo is black")},
        "urgent",
    ),
    Rule(
        "antibiotic-diarrhoea",
        _("Diarrhoea with fever, during or after antibiotics"),
        {"urgent": _("there is diarrhoea with a fever, during or after antibiotics")},
        "urgent",
    ),
    Rule(
        "weight-loss",
        _("Weight loss without trying"),
        {"non-urgent": _("somebody loses weight without meaning to")},
        "soon",
    ),
    Rule(
        "child-not-growing",
        _("A child who does not grow, or loses weight"),
        {"non-urgent": _("a child is not growing, or loses weight")},
        "soon",
    ),
]
