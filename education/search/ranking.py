"""Ranking: the same order on every database, because the scores are computed here.

The database chooses the candidates by its own score. These are then compared by BM25F, BM25 over weighted fields
(Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields").
"""

from math import log

from education.models import SearchDocument

Subject = SearchDocument.Subject

# Field, weight, and usual length in terms: a word in a longer field counts for less.
FIELDS = (("title_terms", 10, 10), ("summary_terms", 4, 20), ("heading_terms", 4, 30), ("text_terms", 1, 200))
# BM25's k1, how soon repeating a word stops mattering, and b, how much the length of a field matters.
SATURATION = 10
LENGTH_MATTERS = 0.75
# Short texts score high because they mention little else, but an article helps a reader more than a definition does.
# Measured with the questions of patients, on 157 statements and 204 words.
WORTH = {Subject.EVIDENCE: 0.85, Subject.GLOSSARY: 0.5}
# Words such as "help" and "cause" may be in any page; they only decide between pages that have everything else.
WEAK_WORD = 0.2
SUBJECTS = Subject.values


def rank(candidates, query) -> list:
    """The candidates (backends.Match), best first. Ties are broken by subject and title, for a stable order."""
    groups = [texts_to_count(group) for group in (*query.groups, *query.weak)]
    # The frequencies are those among the candidates, not of the whole index, so that no further query is needed.
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
                # Rounded, so that floating-point noise does not decide the order.
                -round(_score(pair[0], pair[1], importance), 6),
                SUBJECTS.index(pair[0].subject),
                pair[0].title_terms,
                pair[0].id,
            ),
        )
    ]


def texts_to_count(group):
    """For each alternative of a group, the text to count, or several that must all be there.

    Terms are stored with one space between them, so words and phrases are counted in the same way.
    """
    texts = set()
    for alternative in group:
        *others, last = [" ".join(alternative.terms)] if alternative.side_by_side else alternative.terms
        texts.add((*(f" {term} " for term in others), f" {last}" if alternative.prefix else f" {last} "))
    return texts


def _weights(candidate, groups):
    """The weighted frequency of each group in the candidate, summed over its fields."""
    weights = [0.0] * len(groups)
    for name, weight, usual_length in FIELDS:
        terms = f" {getattr(candidate, name)} "
        # A summary of two words is not better for being short.
        length = max(terms.count(" ") - 1, usual_length / 5)
        weight /= 1 - LENGTH_MATTERS + LENGTH_MATTERS * length / usual_length
        for number, alternatives in enumerate(groups):
            # Where all texts of an alternative must be there, the rarest says how often it was found.
            found = sum(min(map(terms.count, texts)) for texts in alternatives)
            if found:
                weights[number] += weight * found
    return weights


def _importance(having, number):
    """Inverse document frequency: a word that few candidates have says more than one that all have."""
    return log(1 + (number + 1) / (having + 0.5))


def _score(candidate, weights, importance):
    score = sum(
        important * weight / (SATURATION + weight) for weight, important in zip(weights, importance, strict=True)
    )
    return score * WORTH.get(candidate.subject, 1)
