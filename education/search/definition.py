"""The glossary term that a query names; its definition is shown above the results."""

from education.models import GlossaryTerm, SearchDocument
from education.search.stemming import STOPWORDS, WEAK, plain_words, stem

# No name in the glossary is longer; a longer query is a question about a term, not its name.
MOST_WORDS_OF_A_NAME = 8


# The fields of a SearchDocument that a definition needs. The text of its article would be nearly all of the data sent.
SHOWN_OF_A_TERM = [f"term__{name}" for name in ("slug", "language", "term", "also", "definition")]
SHOWN_OF_A_TERM += [f"term__article__{name}" for name in ("kind", "slug", "language", "live__title")]


def ids_of_terms(candidates, query) -> list[int]:
    """Ids of the documents whose term the query may name. `candidates` are matches, best first."""
    if len(query.groups) > MOST_WORDS_OF_A_NAME:
        return []
    return [match.id for match in candidates if match.subject == SearchDocument.Subject.GLOSSARY]


def definition(query, terms_found: list[GlossaryTerm], language: str) -> GlossaryTerm | None:
    """The term whose name the query is, or None. `terms_found` have been found by it, best first. No query."""
    named = [(_closeness(term, query, language), number, term) for number, term in enumerate(terms_found)]
    named = [(closeness, number, term) for closeness, number, term in named if closeness]
    # The closest name wins; then the better match.
    return max(named, key=lambda entry: (entry[0], -entry[1]))[2] if named else None


def _closeness(term, query, language):
    """4 for the term as typed, 3 for another of its names as typed, 2 and 1 for synonyms of these, 0 for no match."""
    typed = tuple(term for group in query.groups for term in group[0].terms)
    typed_weak = {term for group in query.weak for term in group[0].terms}
    names = [_phrase(name, language) for name in (term.term, *term.also)]
    # “Allergy test” must have both words; “does an allergy test help” has more, and is still about it.
    own, *others = [phrase if weak <= typed_weak else () for phrase, weak in names]
    if typed == own:
        return 4
    if typed in others:
        return 3
    if _spells(query.groups, own):
        return 2
    return 1 if any(_spells(query.groups, other) for other in others) else 0


def _phrase(name, language):
    """The terms of a name as those of a query: without stop words, and the weak words apart."""
    words = plain_words(name)
    content = [word for word in words if word not in STOPWORDS.get(language, ())] or words
    weak = {word for word in content if word in WEAK.get(language, ())}
    if len(weak) == len(set(content)):
        weak = set()
    phrase = tuple(stem(word, language) for word in content if word not in weak)
    return phrase, {stem(word, language) for word in weak}


def _spells(groups, phrase):
    """Whether the phrase consists of one alternative of each group, in order."""
    if not groups or not phrase:
        return not groups and not phrase
    return any(
        _spells(groups[1:], phrase[len(alternative.terms) :])
        for alternative in groups[0]
        # A prefix is unfinished, and must not explain a longer word that the reader did not type.
        if not alternative.prefix and phrase[: len(alternative.terms)] == alternative.terms
    )
