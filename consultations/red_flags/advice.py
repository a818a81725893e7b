"""What a rule is, and the advice that a patient is shown when one matches."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

# Most serious first, which is also the order on the page.
LEVELS = ("emergency", "emergency-department", "urgent", "non-urgent")


@dataclass(frozen=True)
class Advice:
    condition: str | Promise  # completes a heading that ends in "if:"
    steps: Sequence[str | Promise] = ()  # what to do, in this order
    otherwise: str | Promise = ""  # what is no emergency, so that no one is sent in vain

    def __str__(self):
        return str(self.condition)


@dataclass(frozen=True)
class Rule:
    id: str
    label: str | Promise  # for staff
    advice: dict[str, Advice]  # by level
    urgency: str = "urgent"  # a value of Urgency: the queue and the date due follow it
    # "No blood in my poo" is not a sign. For thoughts of self-harm every mention counts, even "I do not want to die".
    respects_negation: bool = True


def advice_for(signs: Sequence[Rule]) -> list[tuple[str, list[Advice]]]:
    """Pairs of level and advice at this level, most serious level first."""
    advice = {level: [rule.advice[level] for rule in signs if level in rule.advice] for level in LEVELS}
    return [(level, advice[level]) for level in LEVELS if advice[level]]
