"""The glossary word that a query names, to be explained straight above the results."""

from education.models import GlossaryTerm, SearchDocument
from education.search.terms import terms

# The longest that anybody would call a name.
MOST_WORDS_OF_A_NAME = 8


def definition(query, candidates, language: str):
    """The GlossaryTerm that a query is a name of, or None. `candidates` are matches, best first."""
    words = [match.id for match in candidates if match.subject == SearchDocument.Subject.GLOSSARY]
    if not words or len(query.groups) > MOST_WORDS_OF_A_NAME:
        return None
    typed = tuple(term for group in query.groups for term in group[0].terms)
    order = {document: number for number, document in enumerate(words)}
    found = GlossaryTerm.objects.filter(searchdocument__in=words).select_related("article__live", "searchdocument")
    named = [(_nearness(term, query, typed, language), order[term.searchdocument.pk], term) for term in found]
    named = [(nearness, number, term) for nearness, number, term in named if nearness]
    return max(named, key=lambda entry: (entry[0], -entry[1]))[2] if named else None


def _nearness(term, query, typed, language):
    """4 for the word itself as typed, 3 for another name of it as typed, 2 and 1 for synonyms of these, 0 for none."""
    own, others = _phrase(term.term, language), [_phrase(name, language) for name in term.also]
    if typed == own:
        return 4
    if typed in others:
        return 3
    if _spells(query.groups, own):
        return 2
    return 1 if any(_spells(query.groups, other) for other in others) else 0


def _phrase(name, language):
    return tuple(terms(name, language))


def _spells(groups, phrase):
    """Whether one alternative of each group, one after the other, are the phrase."""
    if not groups or not phrase:
        return not groups and not phrase
    return any(
        _spells(groups[1:], phrase[len(alternative.terms) :])
        for alternative in groups[0]
        if not alternative.prefix and phrase[: len(alternative.terms)] == alternative.terms
    )
