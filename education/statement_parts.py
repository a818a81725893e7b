"""All that an approval of an evidence statement signs, part by part, as a reviewer reads it before signing."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.citation import author_and_year
from education.differences import differences
from education.evidence_numbers import FIELDS, sentences


def statement_parts(statement, against=None):
    """As `differences()` gives them: with `against`, the published statement, each has its changes marked."""
    return differences(statement, against, PARTS)


def _question(statement):
    therapy = [str(statement.therapy)] if statement.therapy_id else []
    return "\n".join([str(statement.condition), str(statement.intervention), *therapy])


def _recommendation(statement):
    return _labelled(
        (_("Who recommends"), statement.recommended_by),
        (_("Direction"), statement.get_direction_display()),
        (_("Strength"), statement.strength),
        (_("Certainty beneath"), statement.get_certainty_beneath_display()),
    )


def _search(statement):
    day, read = statement.search_date, statement.search_read
    not_counted = _("not counted") if day else ""
    return _labelled(
        (_("Where"), statement.search_where),
        (_("Words"), statement.search_words),
        (_("Day"), date_format(day, "DATE_FORMAT") if day else ""),
        (_("Who looked"), statement.search_by),
        (_("Records read"), not_counted if read is None else str(read)),
        (_("Nearest thing found"), statement.search_nearest),
    )


def _labelled(*pairs):
    return "\n".join(f"{label}: {value}" for label, value in pairs if value)


def _numbers(statement):
    return "\n".join(map(_number, statement.numbers.select_related("source").order_by("pk")))


def _number(number):
    words = " ".join(sentences({name: getattr(number, name) for name in FIELDS}))
    first = f"{_('Harm:')} {words}" if number.is_harm else words
    return "\n".join(
        filter(
            None,
            [
                first,
                _labelled(
                    (_("Who took part"), number.who),
                    (_("Source"), author_and_year(number.source)),
                    (_("How it was worked out (not shown to readers)"), number.worked_out),
                ),
            ],
        )
    )


def _references(statement):
    return "\n".join(sorted(f"{author_and_year(each)}: {each.title}" for each in statement.references.all()))


# Functions, as in education/differences.py.
PARTS = [
    (lambda: _("Sentence"), lambda statement: statement.sentence),
    (lambda: _("Condition, intervention, therapy page"), _question),
    (lambda: _("Outcome"), lambda statement: statement.outcome),
    (lambda: _("Effect"), lambda statement: str(statement.get_effect_display())),
    (lambda: _("Certainty"), lambda statement: str(statement.get_certainty_display())),
    (lambda: _("Why this rating"), lambda statement: statement.why),
    (lambda: _("Numbers"), _numbers),
    (lambda: _("References"), _references),
    (lambda: _("Recommendation"), _recommendation),
    (lambda: _("What we looked for"), _search),
    (lambda: _("Note for colleagues (not shown to readers)"), lambda statement: statement.staff_note),
]
