"""The words that staff type or paste into a search field of admin."""

import unicodedata

from django.db.models import Q
from django.utils.text import smart_split

# Each word adds conditions on every field. A limit keeps a pasted page from becoming an enormous query.
MOST_WORDS = 8
# As a phone or a word processor writes quotation marks.
QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))


def with_closed_quotes(text: str) -> str:
    """The text without quotation marks that have no partner: Django would search for them as letters."""
    text = unicodedata.normalize("NFC", text).translate(QUOTES)
    return " ".join(part if _is_quoted(part) else part.replace('"', "").lstrip("'") for part in smart_split(text))


def words_of(text: str) -> list[str]:
    """The words of a search, and what stands between quotation marks as one. Only the first eight."""
    parts = smart_split(with_closed_quotes(text))
    words = [part[1:-1] if _is_quoted(part) else part for part in parts]
    return [word for word in words if word.strip()][:MOST_WORDS]


def occurs_in(word: str, fields: list[str]) -> Q:
    """The condition that a word occurs in one of these fields, in capitals or not."""
    # SQLite knows capitals of ASCII only.
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    pairs = [(f"{field}__icontains", spelling) for field in fields for spelling in sorted(spellings)]
    return Q.create(pairs, connector=Q.OR)


def _is_quoted(part):
    return len(part) > 2 and part[0] == part[-1] and part[0] in "\"'"


class ForgivingSearch:
    """The part of a ModelAdmin that searches in spite of a quotation mark that was not closed."""

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, with_closed_quotes(search_term))
