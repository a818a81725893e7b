"""From text to search terms: tokenising, removing accents, stemming, and the list of stop words.

Documents and queries both come through here. The databases are only ever given terms, which consist of letters and
digits, so they all find the same documents whatever their tokeniser, dictionary or locale, and no character has a
special meaning in a query.
"""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

from education.search.snowball import stemmer

# Snowball's algorithms for exactly the languages of the site (models.article.Language).
ALGORITHMS = {"ar": "arabic", "en": "english", "es": "spanish"}
# The server's threads share a stemmer.
STEMMING = Lock()

# The length of SearchWord.word.
LONGEST_TERM = 60
APOSTROPHES = "'\u2019\u02bc"
# Combining accents, Hebrew points and Arabic vowel signs, soft hyphens and joiners: they do not end a word.
INSIDE_WORDS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u2060\ufeff"
WORD = re.compile(rf"\w(?:[\w{APOSTROPHES}{INSIDE_WORDS}]*[\w{INSIDE_WORDS}])?")
LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
# Letters that NFKD does not decompose. The tatweel (U+0640) only stretches an Arabic word.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "\u0640": ""} | dict.fromkeys(APOSTROPHES, "")
)
ARABIC_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")


def terms(text: str, language: str) -> list[str]:
    """The stemmed terms of a text, in order. `language` is a code such as "en"; an unknown one is not stemmed."""
    return [term for word in WORD.findall(text) for term in word_terms(word, language)]


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case and without accents, not stemmed, so that they can be shown to a reader."""
    return [plain for word in WORD.findall(text) for plain in fold(word)]


# Roughly the vocabulary of a large site: texts and queries share most of their words. Folding or stemming a word costs
# a hundred times as much as this look-up.
remembered = lru_cache(maxsize=20_000)


@remembered
def word_terms(word: str, language: str) -> tuple[str, ...]:
    return tuple(stem(plain, language) for plain in fold(word))


@remembered
def fold(word: str) -> tuple[str, ...]:
    """A word in lower case and without accents. “½” and “snake_case” become two words, “don't” stays one."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", word)
        if unicodedata.category(character)[0] != "M" and unicodedata.category(character) != "Cf"
    )
    return tuple(LETTERS_AND_DIGITS.findall(bare.casefold().translate(LETTERS)))


@remembered
def stem(plain: str, language: str) -> str:
    """The stem of a word returned by `fold`, by the Snowball algorithm of its language, at most LONGEST_TERM long."""
    # Arabic writes the article, with or without a conjunction, as part of the word. Three letters at least must remain.
    for article in ARABIC_ARTICLES:
        if plain.startswith(article) and len(plain) - len(article) >= 3:
            plain = plain.removeprefix(article)
            break
    if language not in ALGORITHMS:
        return plain[:LONGEST_TERM]
    with STEMMING:
        # A word that consists of suffixes only could come back empty.
        return (stemmer(ALGORITHMS[language]).stemWord(plain) or plain)[:LONGEST_TERM]


ARABIC = "في من على عن الى مع هل ما ماذا كيف لماذا هو هي هذا هذه ان او و"
ENGLISH = """
a about am an and any are as at be been by can could did do does for from had has have how i if in into is it its me
my of on or our so than that the their them then there these they this those to until up was we were what when where
which who why will with would you your
"""
SPANISH = """
a al como con cual cuando de del donde el ella en es esta este hay la las lo los me mi mis o para pero por porque que
se si son su sus tiene un una uno y
"""

# What a question asks about its subject. A page need not have these words, but ranks a little higher if it does.
WEAK_ENGLISH = """
actually affect affected affects away bad best better between cause caused causes causing connected connection cure
cured cures difference different ever get gets getting give gives giving go goes going good got happen happens health
healthy help helpful helping helps kill kills know like likely linked long lot make makes making many matter mean
meaning means more most much need needed not ok okay only people person really should start starting stop stopping
take taken taking tell test tested tests thing things too treat treated treats try trying use used useful using very
want work working works worse worth
"""
WEAK_SPANISH = """
afecta ayuda ayudan bien bueno buena causa causan hacer mal malo mala mas mejor mucho muy peor puede puedo salud
sirve significa tomar usar
"""

# In the form that `fold` returns: lower case, no accents. A query of nothing but stop words is searched as it is.
WEAK = {"en": frozenset(WEAK_ENGLISH.split()), "es": frozenset(WEAK_SPANISH.split())}
STOPWORDS = {"ar": frozenset(ARABIC.split()), "en": frozenset(ENGLISH.split()), "es": frozenset(SPANISH.split())}
