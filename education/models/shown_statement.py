"""What templates show of an evidence statement: plain values, by which its HTML is kept."""

import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.evidence_numbers import ShownNumber, shown_number
from education.models.effects import NOTHING_FOUND, Certainty, Direction, Effect

# A search older than this says so to the reader, and is due.
SEARCH_IS_GOOD_FOR = datetime.timedelta(days=365)


class ShownSearch(NamedTuple):
    """Where we looked for trials that we did not find."""

    where: str
    words: tuple[str, ...]
    date: str
    by: str
    read: int | None
    nearest: str
    is_old: bool


class ShownStatement(NamedTuple):
    sentence: str
    flag: str | None
    is_rated: bool
    certainty: str
    effect: str
    get_effect_display: str
    outcome: str
    why: str
    numbers: tuple[ShownNumber, ...] = ()
    recommended_by: str = ""
    direction: str = ""
    strength: str = ""
    certainty_beneath: str = ""
    search: ShownSearch | None = None
    last_checked: str = ""  # the day of the last look for new trials
    new_paper_is_read: bool = False


def shown_statement(statement) -> ShownStatement:
    """For readers. The statement comes from a QuerySet `with_flag()`."""
    is_recommendation = statement.effect == Effect.RECOMMENDATION
    return ShownStatement(
        sentence=full_sentence(statement),
        flag=statement.flag,
        is_rated=statement.is_rated,
        certainty=statement.certainty,
        effect=statement.effect,
        # Not get_effect_display(), which translates the label of every effect to find one.
        get_effect_display=str(Effect(statement.effect).label),
        outcome=statement.outcome,
        why=statement.why,
        numbers=tuple(shown_number(values) for values in statement.shown_numbers),
        recommended_by=statement.recommended_by,
        direction=str(Direction(statement.direction).label) if is_recommendation and statement.direction else "",
        strength=statement.strength if is_recommendation else "",
        certainty_beneath=str(Certainty(statement.certainty_beneath).label) if statement.certainty_beneath else "",
        search=_search(statement),
        last_checked=date_format(statement.watched_on, "DATE_FORMAT") if statement.watched_on else "",
        new_paper_is_read=statement.effect in NOTHING_FOUND and statement.trial_waits,
    )


def full_sentence(statement) -> str:
    """The sentence; that nothing was found says when we last looked: the day of its search record, which is below it.

    That PubMed was asked since, with other words, is said beside it (`last_checked`).
    """
    if statement.effect not in NOTHING_FOUND or statement.search_date is None:
        return statement.sentence
    # The first sentence is the one that says it.
    first, full_stop, others = statement.sentence.partition(". ")
    dated = _("%(sentence)s (last looked %(date)s).") % {
        "sentence": first.rstrip(" ."),
        "date": date_format(statement.search_date, "DATE_FORMAT"),
    }
    return f"{dated} {others}" if full_stop else dated


def _search(statement):
    if statement.search_date is None:
        return None
    return ShownSearch(
        where=statement.search_where,
        words=tuple(line.strip() for line in statement.search_words.splitlines() if line.strip()),
        date=date_format(statement.search_date, "DATE_FORMAT"),
        by=statement.search_by,
        read=statement.search_read,
        nearest=statement.search_nearest,
        is_old=_last_checked(statement) + SEARCH_IS_GOOD_FOR < timezone.localdate(),
    )


def _last_checked(statement):
    """The day of its search or, if PubMed has been asked since and nothing was found, that day."""
    watched = None if statement.watch_found else statement.watched_on
    return max(statement.search_date, watched or statement.search_date)
