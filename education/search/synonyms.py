"""Synonyms: words that readers use for the same thing. A search for one of them finds the others too.

Clinicians edit them in the admin; the first ones are loaded from education/content/synonyms.yaml.
"""

from functools import lru_cache

from django.utils.translation import gettext as _

from education.models import SynonymGroup
from education.search.stemming import STOPWORDS, plain_words, terms

# A search asks for every name of a group, and SQLite and PostgreSQL limit the size of one match expression.
MOST_NAMES = 30
LONGEST_NAME = 80

# The stemmed terms of one name.
Phrase = tuple[str, ...]


class Synonyms(dict[Phrase, tuple[Phrase, ...]]):
    """The terms of each name, with those of all names of its group. `words` are the words of all names, not stemmed."""

    words: frozenset[str] = frozenset()


def groups_by_phrase(language: str) -> Synonyms:
    """One small query, so never out of date."""
    return _groups(tuple(SynonymGroup.objects.filter(language=language).values_list("names", flat=True)), language)


# The key is what was read from the database, so an edit in any process takes effect at once.
@lru_cache(maxsize=8)
def _groups(all_names, language):
    groups = Synonyms()
    groups.words = frozenset(
        word
        for names in all_names
        for name in names.splitlines()
        for word in plain_words(name)
        if word not in STOPWORDS.get(language, ())
    )
    for names in all_names:
        phrases = phrases_of(names.splitlines(), language)
        for phrase in phrases:
            # A name may be in two groups of different origin; then the names of both are found.
            groups[phrase] = tuple(dict.fromkeys((*groups.get(phrase, ()), *phrases)))
    return groups


def phrases_of(names: list[str], language: str) -> tuple[Phrase, ...]:
    """The terms of each name, without repetition, in the order given. Names without letters or digits are left out."""
    return tuple(dict.fromkeys(phrase for name in names if (phrase := tuple(terms(name, language)))))


def problems(names: list[str], language: str) -> list[str]:
    """What is wrong with a group on its own, in full sentences."""
    found = [
        _("“%(name)s” has no letter. Each line must hold a word.") % {"name": name}
        for name in names
        if not any(character.isalpha() for character in name) or not terms(name, language)
    ]
    found += [
        _("“%(name)s…” is too long for a name. Use at most %(most)s characters.")
        % {"name": name[:20], "most": LONGEST_NAME}
        for name in names
        if len(name) > LONGEST_NAME
    ]
    if len(names) > MOST_NAMES:
        found.append(_("A group may have at most %(most)s names.") % {"most": MOST_NAMES})
    if not found and len(phrases_of(names, language)) < 2:
        found.append(
            _("Give at least two names that differ. Capitals, accents and endings such as “-s” make no difference.")
        )
    return found


def groups_that_share_a_name(names: list[str], language: str, groups) -> list:
    """Those of `groups` (SynonymGroup) that already have one of the names."""
    phrases = set(phrases_of(names, language))
    return [group for group in groups if not phrases.isdisjoint(phrases_of(group.names.splitlines(), language))]
