from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Finding:
    """Something worth a look: a full sentence, and the places that it is about. `name` is never translated."""

    name: str
    sentence: str
    places: list[str] = field(default_factory=list)

    def __str__(self):
        if not self.places:
            return self.sentence
        return _("%(sentence)s For example: %(place)s") % {"sentence": self.sentence, "place": self.places[0]}
