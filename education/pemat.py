"""PEMAT-P: how well patients can understand a printed text, and act on it.

Patient Education Materials Assessment Tool for printable materials, Agency for Healthcare Research and Quality (AHRQ),
Publication No. 14-0002-EF: Shoemaker SJ, Wolf MS, Brach C, 2013. Items 13 and 14 are for audiovisual materials only.
The items are quoted verbatim, US spelling included: scores are comparable only if every reviewer answers the same
questions.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy


class Answer(models.TextChoices):
    AGREE = "agree", _lazy("Agree")
    DISAGREE = "disagree", _lazy("Disagree")
    NOT_APPLICABLE = "not-applicable", _lazy("Not applicable")


@dataclass(frozen=True)
class Item:
    """One of the 24 items. `not_applicable_if` is AHRQ's reason for skipping it; if empty, it must be answered."""

    number: int
    text: str
    not_applicable_if: str = ""

    @property
    def answers(self):
        if self.not_applicable_if:
            return Answer.choices
        return [choice for choice in Answer.choices if choice[0] != Answer.NOT_APPLICABLE]


@dataclass(frozen=True)
class Scores:
    """Two scores in whole percent, 0 to 100."""

    understandability: int
    actionability: int


VERY_SHORT = _lazy("the text is very short: two paragraphs or fewer, and no more than one page")
NO_VISUAL_AIDS = _lazy("there are no visual aids")

UNDERSTANDABILITY = [
    (
        _lazy("Content"),
        [
            Item(1, _lazy("The material makes its purpose completely evident.")),
            Item(2, _lazy("The material does not include information or content that distracts from its purpose.")),
        ],
    ),
    (
        _lazy("Word choice and style"),
        [
            Item(3, _lazy("The material uses common, everyday language.")),
            Item(
                4,
                _lazy(
                    "Medical terms are used only to familiarize audience with the terms. When used, medical terms "
                    "are defined."
                ),
            ),
            Item(5, _lazy("The material uses the active voice.")),
        ],
    ),
    (
        _lazy("Use of numbers"),
        [
            Item(
                6,
                _lazy("Numbers appearing in the material are clear and easy to understand."),
                _lazy("there are no numbers"),
            ),
            Item(7, _lazy("The material does not expect the user to perform calculations.")),
        ],
    ),
    (
        _lazy("Organization"),
        [
            Item(8, _lazy("The material breaks or “chunks” information into short sections."), VERY_SHORT),
            Item(9, _lazy("The material’s sections have informative headers."), VERY_SHORT),
            Item(10, _lazy("The material presents information in a logical sequence.")),
            Item(11, _lazy("The material provides a summary."), VERY_SHORT),
        ],
    ),
    (
        _lazy("Layout and design"),
        [
            Item(
                12,
                _lazy(
                    "The material uses visual cues (e.g., arrows, boxes, bullets, bold, larger font, highlighting) to "
                    "draw attention to key points."
                ),
            ),
        ],
    ),
    (
        _lazy("Use of visual aids"),
        [
            Item(
                15,
                _lazy(
                    "The material uses visual aids whenever they could make content more easily understood (e.g., "
                    "illustration of healthy portion size)."
                ),
            ),
            Item(
                16,
                _lazy("The material’s visual aids reinforce rather than distract from the content."),
                NO_VISUAL_AIDS,
            ),
            Item(17, _lazy("The material’s visual aids have clear titles or captions."), NO_VISUAL_AIDS),
            Item(
                18,
                _lazy("The material uses illustrations and photographs that are clear and uncluttered."),
                NO_VISUAL_AIDS,
            ),
            Item(
                19,
                _lazy("The material uses simple tables with short and clear row and column headings."),
                _lazy("there are no tables"),
            ),
        ],
    ),
]
ACTIONABILITY = [
    (
        _lazy("What the reader can do"),
        [
            Item(20, _lazy("The material clearly identifies at least one action the user can take.")),
            Item(21, _lazy("The material addresses the user directly when describing actions.")),
            Item(22, _lazy("The material breaks down any action into manageable, explicit steps.")),
            Item(
                23,
                _lazy(
                    "The material provides a tangible tool (e.g., menu planners, checklists) whenever it could help "
                    "the user take action."
                ),
            ),
            Item(
                24,
                _lazy("The material provides simple instructions or examples of how to perform calculations."),
                _lazy("there are no calculations"),
            ),
            Item(
                25,
                _lazy("The material explains how to use the charts, graphs, tables, or diagrams to take actions."),
                _lazy("there are no charts, graphs, tables or diagrams"),
            ),
            Item(
                26,
                _lazy("The material uses visual aids whenever they could make it easier to act on the instructions."),
            ),
        ],
    ),
]


def _items(topics):
    return [item for _topic, items in topics for item in items]


ITEMS = {str(item.number): item for item in _items(UNDERSTANDABILITY) + _items(ACTIONABILITY)}


def problems(answers: dict[str, str]) -> list[str]:
    """Reasons why `answers`, from item numbers to answers, cannot be scored. No answers at all are no problem.

    Otherwise every item needs one: a score over some of the items could not be compared with any other.
    """
    if not answers:
        return []
    found = []
    if open_items := [number for number in ITEMS if number not in answers]:
        found.append(
            _("Answer all 24 items, or none of them. Still open: %(items)s.") % {"items": ", ".join(open_items)}
        )
    wrong = [
        number for number, answer in answers.items() if number not in ITEMS or answer not in dict(ITEMS[number].answers)
    ]
    if wrong:
        found.append(
            _("These items have an answer that PEMAT-P does not know: %(items)s.") % {"items": ", ".join(sorted(wrong))}
        )
    return found


def scores(answers: dict[str, str]) -> Scores:
    """The percentage of applicable items that were agreed with, for each of the two domains.

    Takes complete answers (see `problems`). Each domain has items that always apply, so nothing is divided by zero.
    """
    return Scores(_percent(UNDERSTANDABILITY, answers), _percent(ACTIONABILITY, answers))


def _percent(topics, answers):
    # Answers of “not applicable” count neither as agreement nor as disagreement.
    counted = [answers[str(item.number)] for item in _items(topics)]
    agreed = counted.count(Answer.AGREE)
    applicable = agreed + counted.count(Answer.DISAGREE)
    # Halves are rounded up: 62.5 gives 63. Python's round() gives 62, since it rounds halves to even.
    return (200 * agreed + applicable) // (2 * applicable)
