"""The reader's filters, from the query string. Each is optional."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from education.models import Certainty
from education.models.evidence import UNRATED_EFFECTS

# Effects such as “no trials” have no certainty, but readers look for them in the same list.
UNRATED_VALUES = [effect.value for effect in UNRATED_EFFECTS]
SLUG = re.compile(r"[a-zA-Z0-9_-]{1,80}")
LONGEST_WORDS = 80


@dataclass(frozen=True)
class Choice:
    """The chosen filters; an empty value means all. `unknown` names the filters whose value does not exist.

    `condition` is a slug or, on a site with more conditions than one map can show, words of a title. There the database
    has chosen the conditions (`is_narrowed`), and a reader can also choose the first letter of their titles.
    """

    condition: str = ""
    intervention: str = ""
    certainty: str = ""
    therapy: str = ""
    letter: str = ""
    is_narrowed: bool = False
    unknown: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, values, conditions, interventions):
        """From a QueryDict. An unknown value is ignored, so that an old link still opens; see `problems`."""
        known = {"condition": {article.slug for article in conditions}, "intervention": interventions} | KNOWN
        # Links may be years old, so an unknown value must not be an error; it is never guessed at either.
        given = {name: values.get(name, "").strip() for name in known}
        return cls(
            **{name: value if value in known[name] else "" for name, value in given.items()},
            therapy=_slug(values.get("therapy", "")),
            unknown=[name for name, value in given.items() if value and value not in known[name]],
        )

    @classmethod
    def of_many(cls, values, interventions):
        """The same on a site with more conditions than one map can show. Which exist, only the database knows."""
        letter, words = values.get("letter", "")[:1], values.get("condition", "").strip()[:LONGEST_WORDS]
        choice = cls.of(
            {name: values.get(name, "") for name in ("intervention", "certainty", "therapy")}, [], interventions
        )
        return replace(choice, condition=words, letter=letter if letter.isalpha() else "", is_narrowed=True)

    def without_conditions(self):
        """The choice after no condition was found for it."""
        if self.condition:
            return replace(self, condition="", letter="", unknown=[*self.unknown, "condition"])
        return replace(self, letter="")

    @property
    def names_conditions(self) -> bool:
        return bool(self.condition or self.letter)

    @property
    def narrows_statements(self) -> bool:
        return bool(self.intervention or self.certainty or self.therapy)

    def __bool__(self):
        return bool(self.chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set, by name."""
        values = {name: getattr(self, name) for name in NAMES}
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        """The query string with its question mark; empty if no filter is set."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def problems(self) -> list[str]:
        """A sentence for each filter with an unknown value."""
        sentences = {
            "condition": _("We do not have the condition that was asked for, so every condition is shown."),
            "intervention": _("We do not have the treatment that was asked for, so every treatment is shown."),
            "certainty": _("We do not know the certainty that was asked for, so every certainty is shown."),
        }
        return [sentences[name] for name in self.unknown]

    def takes(self, condition) -> bool:
        return self.is_narrowed or self.condition in {"", condition.slug}

    def matches(self, answer) -> bool:
        """Whether an Answer matches every filter. The certainty of an unrated one is its effect: UNRATED_EFFECTS."""
        return (
            self.takes(answer.condition)
            and self.intervention in {"", answer.intervention}
            and self.certainty in {"", answer.certainty if answer.is_rated else answer.effect}
            and self.therapy in {"", answer.therapy}
        )


NAMES = ("condition", "intervention", "certainty", "therapy", "letter")
KNOWN = {"certainty": {*Certainty.values, *UNRATED_VALUES}}


def _slug(value):
    value = value.strip()
    return value if SLUG.fullmatch(value) else ""
