"""Highlighting and snippets: marks the words of the query in titles and in the best part of a text.

It works on plain text and escapes all of it, so that no document can bring its own markup into the results.
"""

import re
from collections import defaultdict

from django.utils.html import format_html, format_html_join

from education.search.stemming import WORD, word_terms

SNIPPET_WORDS = 36
WORDS_BEFORE = 12
# The dot between list items is not one of them: “· stool transplant” must not lose its “we found no trials of”.
ENDS_OF_SENTENCES = (".", "!", "?")


# In characters: how much of a long text is looked at around its best matches, and how close together those are.
REGION, NEAR = 1_200, 160
# Stems longer than this are compared without their last letter.
SHORTEST_STEM = 3


class Highlighter:
    """The alternatives of a query, arranged so that a text can be looked up word by word."""

    def __init__(self, query, language):
        self.language = language
        self.groups_by_term = {}
        self.groups_by_beginning = {}
        self.phrases_by_first_term = defaultdict(list)
        for number, group in enumerate(query.groups):
            for alternative in group:
                self._add(alternative, number)
        self.first_terms = self.groups_by_term.keys() | self.phrases_by_first_term.keys()
        self.beginnings = tuple(self.groups_by_beginning)
        # English and Spanish stems keep the first letter of a word, so most words can be skipped without stemming them.
        self.initials = {start[0] for start in (*self.first_terms, *self.beginnings)} if language != "ar" else None
        # The results on a page share most of their words, so each word is examined only once.
        self.seen, self.may_begin = set(), set()
        self.likely = None if language == "ar" else _likely_words(query)

    def _add(self, alternative, group):
        *others, last = alternative.terms
        if others and alternative.side_by_side:
            self.phrases_by_first_term[alternative.terms[0]].append((alternative.terms, group))
            return
        for term in others:
            self.groups_by_term.setdefault(term, group)
        (self.groups_by_beginning if alternative.prefix else self.groups_by_term).setdefault(last, group)

    def title(self, text):
        words = list(WORD.finditer(text))
        return _marked(text, 0, len(text), words, self._hits(words))

    def snippet(self, text):
        """The part of the text with most of the query's words, from the beginning of its sentence if that is close."""
        begin, end = self._region(text)
        return self._cut(text[begin:end], has_more_before=begin > 0, has_more_after=end < len(text))

    def _region(self, text):
        """Where to look for the best part: splitting all the words of ten long texts is half the time of a search."""
        found = [(word.start(), word.lastindex) for word in self.likely.finditer(text)] if self.likely else []
        if len(text) <= REGION or not found:
            return 0, len(text)
        best, middle = (0, 0), 0
        for index, (first, _group) in enumerate(found):
            inside = [group for place, group in found[index : index + SNIPPET_WORDS] if place < first + NEAR]
            score = (len(set(inside)), len(inside))
            if score > best:
                best, middle = score, first
        begin = max(min(middle - REGION // 2, len(text) - REGION), 0)
        # No word is cut into two.
        begin = text.rfind(" ", 0, begin) + 1
        end = text.find(" ", begin + REGION)
        return begin, end if end >= 0 else len(text)

    def _cut(self, text, *, has_more_before, has_more_after):
        words = list(WORD.finditer(text))
        hits = self._hits(words)
        # Near the end of a text the window moves back, so that the snippet is always full.
        latest = max(len(words) - SNIPPET_WORDS, 0)
        start = _beginning_of_sentence(text, words, min(_first_of_best_window(hits), latest))
        end = start + SNIPPET_WORDS + (latest - start if latest - start <= WORDS_BEFORE else 0)
        begins_at = words[start].start() if start else 0
        ends_at = words[end - 1].end() if end < len(words) else len(text)
        return format_html(
            "{}{}{}",
            "… " if start or has_more_before else "",
            _marked(text, begins_at, ends_at, words, [hit for hit in hits if start <= hit[0] and hit[1] < end]),
            " …" if end < len(words) or has_more_after else "",
        )

    def _hits(self, words):
        """The first word, last word and group of each match, without overlaps."""
        written = [word[0] for word in words]
        new = set(written) - self.seen
        self.seen |= new
        self.may_begin.update(filter(self._may_begin, new))
        hits = []
        for position in [position for position, word in enumerate(written) if word in self.may_begin]:
            if not hits or hits[-1][1] < position:
                length, group = self._longest(written, position)
                if length:
                    hits.append((position, position + length - 1, group))
        return hits

    def _may_begin(self, word):
        if self.initials and word.isascii() and word.isalpha() and word[0].lower() not in self.initials:
            return False
        for term in word_terms(word, self.language):  # nearly always one term, so building a set would cost more
            if term in self.first_terms or term.startswith(self.beginnings):
                return True
        return False

    def _group_of(self, term):
        if term in self.groups_by_term:
            return self.groups_by_term[term]
        return next((group for start, group in self.groups_by_beginning.items() if term.startswith(start)), None)

    def _longest(self, written, position):
        """How many words match from this position on, and the group that they match."""
        own_terms = word_terms(written[position], self.language)
        # Phrases first: a word of a phrase on its own is not a match of that synonym.
        for phrase, group in self.phrases_by_first_term.get(own_terms[0], ()):
            following = [word_terms(word, self.language)[:1] for word in written[position : position + len(phrase)]]
            if following == [(term,) for term in phrase]:
                return len(phrase), group
        groups = [group for term in own_terms if (group := self._group_of(term)) is not None]
        return (1, groups[0]) if groups else (0, None)


def _likely_words(query):
    """Beginnings of words that probably match, a group of the expression for each group of the query.

    A word may have another last letter than its stem. Accents are not looked at.
    """
    if not query.groups:
        return None
    groups = [
        "|".join(sorted({re.escape(_beginning(term)) for alternative in group for term in alternative.terms}))
        for group in query.groups
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'({group})' for group in groups)})", re.IGNORECASE)


def _beginning(stem):
    return stem[:-1] if len(stem) > SHORTEST_STEM else stem


def _first_of_best_window(hits):
    """The window with the most different groups; then the one with the most matches; then the earliest."""
    best, best_first = (0, 0), 0
    for index, (first, _last, _group) in enumerate(hits):
        inside = [hit for hit in hits[index : index + SNIPPET_WORDS] if hit[1] < first + SNIPPET_WORDS - WORDS_BEFORE]
        score = (len({group for _first, _last, group in inside}), len(inside))
        if score > best:
            best, best_first = score, first
    return best_first


def _beginning_of_sentence(text, words, first):
    earliest = max(first - WORDS_BEFORE, 0)
    for position in range(first, earliest, -1):
        if any(end in text[words[position - 1].end() : words[position].start()] for end in ENDS_OF_SENTENCES):
            return position
    return earliest


def _marked(text, begins_at, ends_at, words, hits):
    pieces, done = [], begins_at
    for first, last in _joined(text, words, hits):
        start, end = words[first].start(), words[last].end()
        pieces += [text[done:start], format_html("<mark>{}</mark>", text[start:end])]
        done = end
    pieces.append(text[done:ends_at])
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _joined(text, words, hits):
    """Adjacent matches share one <mark>, because a screen reader announces every mark."""
    runs = []
    for first, last, _group in hits:
        if runs and runs[-1][1] == first - 1 and text[words[first - 1].end() : words[first].start()] in {" ", "-"}:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs
