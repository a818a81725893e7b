"""The words in which an evidence statement says what was found, and how certain that is."""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class Effect(models.TextChoices):
    BETTER = "better", _lazy("Helps")
    WORSE = "worse", _lazy("Makes worse")
    LITTLE_OR_NO_DIFFERENCE = "little-or-no-difference", _lazy("Little or no difference")
    UNCLEAR = "unclear", _lazy("Unclear")
    LINK = "link", _lazy("A link, not a treatment effect")
    NO_TRIALS = "no-trials", _lazy("We found no trials")
    NO_GOOD_EVIDENCE = "no-good-evidence", _lazy("We found no good evidence")
    RECOMMENDATION = "recommendation", _lazy("A guideline advises")


# Nothing was found, so there is nothing to rate.
NOTHING_FOUND = (Effect.NO_TRIALS, Effect.NO_GOOD_EVIDENCE)
# A recommendation has a strength, and no certainty of its own.
UNRATED_EFFECTS = (*NOTHING_FOUND, Effect.RECOMMENDATION)


# From the highest level to the lowest: tables and legends use this order.
class Certainty(models.TextChoices):
    """GRADE levels of certainty in a body of evidence (gradeworkinggroup.org)."""

    HIGH = "high", _lazy("High")
    MODERATE = "moderate", _lazy("Moderate")
    LOW = "low", _lazy("Low")
    VERY_LOW = "very-low", _lazy("Very low")


class Direction(models.TextChoices):
    """Of a recommendation."""

    FOR = "for", _lazy("For")
    AGAINST = "against", _lazy("Against")
    NEITHER = "neither", _lazy("Neither for nor against")
