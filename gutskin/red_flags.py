"""Red flags (warning signs) in what a reader types into search or feedback: asks the layer that knows the rules.

`consultations` has the rules and registers them when it is ready (consultations/red_flags/readers.py). Nothing here
stores or logs a word.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise


@dataclass(frozen=True)
class Advice:
    """What to show about the red flags in a text.

    `cards` are pairs of a level and its lines, for the template _advice.html. A form that was sent after the advice
    was shown brings `acknowledgement` back.
    """

    cards: Sequence[tuple[str, Sequence[str | Promise]]]
    acknowledgement: str

    def was_read(self, acknowledged: str) -> bool:
        return constant_time_compare(acknowledged, self.acknowledgement)


_finders: list[Callable[[str], Advice | None]] = []


def register(finder: Callable[[str], Advice | None]) -> None:
    """Called by the app with the rules. `finder` returns None for a text without red flags."""
    _finders.append(finder)


def advice_on(text: str) -> Advice | None:
    """The advice on the red flags in a text; None if there are none."""
    found = (finder(text) for finder in _finders)
    return next((advice for advice in found if advice), None)
