"""PEMAT-P: how well patients can understand a printed text, and act on it.

Patient Education Materials Assessment Tool for printable materials, Agency for Healthcare Research and Quality (AHRQ),
Publication No. 14-0002-EF: Shoemaker SJ, Wolf MS, Brach C, 2013. Items 13 and 14 are for audiovisual materials only.
The items are quoted as AHRQ words them, because a score counts only where everybody was asked the same.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


class Answer(models.TextChoices):
    AGREE = "agree", _("Agree")
    DISAGREE = "disagree", _("Disagree")
    NOT_APPLICABLE = "not-applicable", _("Not applicable")


@dataclass(frozen=True)
class Item:
    """One of the 24. `not_applicable_if` is AHRQ's reason for leaving it out; where it is empty, it cannot be."""

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


VERY_SHORT = _("the text is very short: two paragraphs or fewer, and no more than one page")
NO_VISUAL_AIDS = _("there are no visual aids")

UNDERSTANDABILITY = [
    (
        _("Content"),
        [
            Item(1, _("The material makes its purpose completely evident.")),
            Item(2, _("The material does not include information or content that distracts from its purpose.")),
        ],
    ),
    (
        _("Word choice and style"),
        [
            Item(3, _("The material uses common, everyday language.")),
            Item(
                4,
                _(
                    "Medical terms are used only to familiarize audience with the terms. When used, medical terms "
                    "are defined."
                ),
            ),
            Item(5, _("The material uses the active voice.")),
        ],
    ),
    (
        _("Use of numbers"),
        [
            Item(
                6,
                _("Numbers appearing in the material are clear and easy to understand."),
                _("there are no numbers"),
            ),
            Item(7, _("The material does not expect the user to perform calculations.")),
        ],
    ),
    (
        _("Organization"),
        [
            Item(8, _("The material breaks or “chunks” information into short sections."), VERY_SHORT),
            Item(9, _("The material’s sections have informative headers."), VERY_SHORT),
            Item(10, _("The material presents information in a logical sequence.")),
            Item(11, _("The material provides a summary."), VERY_SHORT),
        ],
    ),
    (
        _("Layout and design"),
        [
            Item(
                12,
                _(
                    "The material uses visual cues (e.g., arrows, boxes, bullets, bold, larger font, highlighting) to "
                    "draw attention to key points."
                ),
            ),
        ],
    ),
    (
        _("Use of visual aids"),
        [
            Item(
                15,
                _(
                    "The material uses visual aids whenever they could make content more easily understood (e.g., "
                    "illustration of healthy portion size)."
                ),
            ),
            Item(
                16,
                _("The material’s visual aids reinforce rather than distract from the content."),
                NO_VISUAL_AIDS,
            ),
            Item(17, _("The material’s visual aids have clear titles or captions."), NO_VISUAL_AIDS),
            Item(
                18,
                _("The material uses illustrations and photographs that are clear and uncluttered."),
                NO_VISUAL_AIDS,
            ),
            Item(
                19,
                _("The material uses simple tables with short and clear row and column headings."),
                _("there are no tables"),
            ),
        ],
    ),
]
ACTIONABILITY = [
    (
        _("What the reader can do"),
        [
            Item(20, _("The material clearly identifies at least one action the user can take.")),
            Item(21, _("The material addresses the user directly when describing actions.")),
            Item(22, _("The material breaks down any action into manageable, explicit steps.")),
            Item(
                23,
                _(
                    "The material provides a tangible tool (e.g., menu planners, checklists) whenever it could help "
                    "the user take action."
                ),
            ),
            Item(
                24,
                _("The material provides simple instructions or examples of how to perform calculations."),
                _("there are no calculations"),
            ),
            Item(
                25,
                _("The material explains how to use the charts, graphs, tables, or diagrams to take actions."),
                _("there are no charts, graphs, tables or diagrams"),
            ),
            Item(
                26,
                _("The material uses visual aids whenever they could make it easier to act on the instructions."),
            ),
        ],
    ),
]


def _items(topics):
    return [item for _topic, items in topics for item in items]


ITEMS = {str(item.number): item for item in _items(UNDERSTANDABILITY) + _items(ACTIONABILITY)}


def problems(answers: dict[str, str]) -> list[str]:
    """Sentences on what stands against a score: `answers` maps an item's number to its answer. None at all are fine.

    All or nothing: a score over a part of the items could not be compared with any other.
    """
    if not answers:
        return []
    found = []
    if open_items := [number for number in ITEMS if number not in answers]:
        found.append(
            _now("Answer all 24 items, or none of them. Still open: %(items)s.") % {"items": ", ".join(open_items)}
        )
    wrong = [
        number for number, answer in answers.items() if number not in ITEMS or answer not in dict(ITEMS[number].answers)
    ]
    if wrong:
        found.append(
            _now("These items have an answer that PEMAT-P does not know: %(items)s.")
            % {"items": ", ".join(sorted(wrong))}
        )
    return found


def scores(answers: dict[str, str]) -> Scores:
    """Agreements among the items that apply, in percent, for each of the two domains.

    Takes complete answers (see `problems`); each domain has items that always apply, so nothing is divided by zero.
    """
    return Scores(_percent(UNDERSTANDABILITY, answers), _percent(ACTIONABILITY, answers))


def _percent(topics, answers):
    counted = [answers[str(item.number)] for item in _items(topics)]
    agreed = counted.count(Answer.AGREE)
    applicable = agreed + counted.count(Answer.DISAGREE)
    # Halves go up: 62.5 is 63, where Python's round() would say 62.
    return (200 * agreed + applicable) // (2 * applicable)
