"""The reader's filters: condition, intervention and certainty, from the query string. Each is optional."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from education.models import Certainty, Effect, EvidenceStatement, Intervention
from education.models.evidence import UNRATED_EFFECTS

# Effects such as “no trials” have no certainty, but readers look for them in the same list.
UNRATED_VALUES = [effect.value for effect in UNRATED_EFFECTS]


@dataclass(frozen=True)
class Choice:
    """The chosen filters; an empty value means all. `unknown` names the filters whose value does not exist."""

    condition: str = ""
    intervention: str = ""
    certainty: str = ""
    unknown: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, values, conditions):
        """From a QueryDict. An unknown value is ignored, so that an old link still opens; see `problems`."""
        known = {
            "condition": {article.slug for article in conditions},
            "intervention": set(Intervention.values),
            "certainty": {*Certainty.values, *UNRATED_VALUES},
        }
        # Links may be years old, so an unknown value must not be an error; it is never guessed at either.
        given = {name: values.get(name, "").strip() for name in known}
        return cls(
            **{name: value if value in known[name] else "" for name, value in given.items()},
            unknown=[name for name, value in given.items() if value and value not in known[name]],
        )

    def __bool__(self):
        return bool(self.chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set, by name."""
        values = {"condition": self.condition, "intervention": self.intervention, "certainty": self.certainty}
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

    def matches(self, statement: EvidenceStatement) -> bool:
        """Whether every filter matches. The certainty of an unrated statement is its effect, see UNRATED_EFFECTS."""
        answer = statement.certainty if statement.is_rated else Effect(statement.effect).value
        return (
            self.condition in {"", statement.condition.slug}
            and self.intervention in {"", statement.intervention}
            and self.certainty in {"", answer}
        )
