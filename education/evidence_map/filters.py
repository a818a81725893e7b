"""What a reader wants to see of the map: a condition, an intervention, a certainty; each may be left open."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from education.models import Certainty, Effect, EvidenceStatement, Intervention
from education.models.evidence import UNRATED_EFFECTS

UNRATED_VALUES = [effect.value for effect in UNRATED_EFFECTS]


@dataclass(frozen=True)
class Choice:
    """An empty value is no choice. `unknown` names the questions that were answered with what we do not have."""

    condition: str = ""
    intervention: str = ""
    certainty: str = ""
    unknown: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, values, conditions):
        """From the values of an address. What nobody knows is left out, so that an old or odd link still opens."""
        known = {
            "condition": {article.slug for article in conditions},
            "intervention": set(Intervention.values),
            "certainty": {*Certainty.values, *UNRATED_VALUES},
        }
        asked = {name: values.get(name, "").strip() for name in known}
        return cls(
            **{name: value if value in known[name] else "" for name, value in asked.items()},
            unknown=[name for name, value in asked.items() if value and value not in known[name]],
        )

    def __bool__(self):
        return bool(self.chosen)

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen and nothing else: name to value."""
        values = {"condition": self.condition, "intervention": self.intervention, "certainty": self.certainty}
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        """The choice as it stands in an address, with its question mark; empty without a choice."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def complaints(self) -> list[str]:
        """A sentence for each value that we do not know."""
        sentences = {
            "condition": _("We do not have the condition that was asked for, so every condition is shown."),
            "intervention": _("We do not have the treatment that was asked for, so every treatment is shown."),
            "certainty": _("We do not know the certainty that was asked for, so every certainty is shown."),
        }
        return [sentences[name] for name in self.unknown]

    def matches(self, statement: EvidenceStatement) -> bool:
        answer = statement.certainty if statement.is_rated else Effect(statement.effect).value
        return (
            self.condition in {"", statement.condition.slug}
            and self.intervention in {"", statement.intervention}
            and self.certainty in {"", answer}
        )
