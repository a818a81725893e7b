"""The order of what was found: the same on every database, because it is worked out here and not there.

The databases choose the candidates by their own measure. These few are compared by BM25 over weighed fields
(Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields").
"""

from math import log

from education.models import SearchDocument

Subject = SearchDocument.Subject

# Title before headings and summary before text. A field's usual length in terms: longer ones count for less.
FIELDS = (("title_terms", 10, 10), ("summary_terms", 4, 20), ("heading_terms", 4, 30), ("text_terms", 1, 200))
# How fast repeating a word stops to matter, and how much the length of a field matters.
SATURATION = 10
LENGTH_MATTERS = 0.75
# A short text names little else, but an article is worth more to a reader than the definition of a word in it.
WORTH = {Subject.EVIDENCE: 0.95, Subject.GLOSSARY: 0.6}
# "Help" and "cause" may stand anywhere; they only decide between pages that have all else.
WEAK_WORD = 0.2
SUBJECTS = Subject.values


def ranked(candidates, query) -> list:
    """The candidates, best first. Equal ones stand in the order of kinds, then of their titles."""
    groups = [wanted(group) for group in (*query.groups, *query.weak)]
    counted = [(candidate, _weights(candidate, groups)) for candidate in candidates]
    importance = [
        _importance(sum(weights[number] > 0 for _candidate, weights in counted), len(candidates))
        * (1 if number < len(query.groups) else WEAK_WORD)
        for number in range(len(groups))
    ]
    return [
        candidate
        for candidate, weights in sorted(
            counted,
            key=lambda pair: (
                -round(_score(pair[0], pair[1], importance), 6),
                SUBJECTS.index(pair[0].subject),
                pair[0].title_terms,
                pair[0].id,
            ),
        )
    ]


def wanted(group):
    """What to count for a group: one text or several that all have to be there, for each of its alternatives.

    Terms are kept with one space between them, so words and phrases are counted alike.
    """
    wanted = set()
    for alternative in group:
        *others, last = [" ".join(alternative.terms)] if alternative.side_by_side else alternative.terms
        wanted.add((*(f" {term} " for term in others), f" {last}" if alternative.prefix else f" {last} "))
    return wanted


def _weights(candidate, groups):
    """How much each group is in the candidate, over its fields."""
    weights = [0.0] * len(groups)
    for name, weight, usual_length in FIELDS:
        terms = f" {getattr(candidate, name)} "
        # A summary of two words is no better a summary for that.
        length = max(terms.count(" ") - 1, usual_length / 5)
        weight /= 1 - LENGTH_MATTERS + LENGTH_MATTERS * length / usual_length
        for number, wanted in enumerate(groups):
            found = sum(min(map(terms.count, texts)) for texts in wanted)
            if found:
                weights[number] += weight * found
    return weights


def _importance(having, number):
    """A word that few of the candidates have tells more than one that all have."""
    return log(1 + (number + 1) / (having + 0.5))


def _score(candidate, weights, importance):
    score = sum(
        important * weight / (SATURATION + weight) for weight, important in zip(weights, importance, strict=True)
    )
    return score * WORTH.get(candidate.subject, 1)
