"""From text to the terms that search compares. Documents and queries both come through here.

The databases are only ever handed terms, which hold letters and digits and nothing else. So they all find the same,
whatever their tokeniser, dictionary or locale, and no character has a meaning in a query.
"""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import snowballstemmer

STEMMERS = {
    "ar": snowballstemmer.stemmer("arabic"),
    "en": snowballstemmer.stemmer("english"),
    "es": snowballstemmer.stemmer("spanish"),
}
# A stemmer keeps the word it works on in itself, and the server's threads share it.
STEMMING = Lock()

LONGEST_TERM = 60
APOSTROPHES = "'\u2019\u02bc"
# Accents, Hebrew points and Arabic vowel signs written as characters of their own; soft hyphens and joiners.
INSIDE_WORDS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u2060\ufeff"
WORD = re.compile(rf"\w(?:[\w{APOSTROPHES}{INSIDE_WORDS}]*[\w{INSIDE_WORDS}])?")
LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart; the tatweel only stretches an Arabic word.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "\u0640": ""} | dict.fromkeys(APOSTROPHES, "")
)
ARABIC_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")


def terms(text: str, language: str) -> list[str]:
    return [term for word in WORD.findall(text) for term in word_terms(word, language)]


def plain_words(text: str) -> list[str]:
    """Words without accents and capitals, not stemmed: fit to be shown to a reader."""
    return [plain for word in WORD.findall(text) for plain in fold(word)]


# About the vocabulary of a large site; a stem costs a hundred times what this look-up does.
@lru_cache(maxsize=20_000)
def word_terms(word: str, language: str) -> tuple[str, ...]:
    return tuple(stem(plain, language) for plain in fold(word))


def fold(word: str) -> list[str]:
    """The word without marks and capitals. “½” and “snake_case” are two words, “don't” is one."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", word)
        if unicodedata.category(character)[0] != "M" and unicodedata.category(character) != "Cf"
    )
    return LETTERS_AND_DIGITS.findall(bare.casefold().translate(LETTERS))


def stem(plain: str, language: str) -> str:
    """Of a word that `fold` gave."""
    for article in ARABIC_ARTICLES:
        if plain.startswith(article) and len(plain) - len(article) >= 3:
            plain = plain.removeprefix(article)
            break
    if language not in STEMMERS:
        return plain[:LONGEST_TERM]
    with STEMMING:
        # A word made of suffixes alone could come back empty.
        return (STEMMERS[language].stemWord(plain) or plain)[:LONGEST_TERM]
