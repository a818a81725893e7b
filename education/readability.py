"""Readability of English text: a guide for authors that never stops a publication (NHS service manual)."""

import re

# A line break ends a sentence too, since headings and list items have no full stop.
# Neither pattern begins inside a row of such characters, and "++" gives none back: thousands of them take no time.
SENTENCE_END = re.compile(r"(?<![.!?:])[.!?:]++(?=\s|$)|\n")
# Hyphens and apostrophes inside a word do not divide it.
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
VOWELS = re.compile(r"[aeiouy]+")
LONG_SENTENCE_WORDS = 20
# Stricter than SENTENCE_END: a colon does not end a sentence, nor does the full stop in “e.g. milk”, since what
# follows begins with a small letter.
PARAGRAPH_SENTENCE_END = re.compile(r"(?<![.!?؟…])[.!?؟…]++[\"”’)\]]*+(?=\s+[^\sa-z]|\s*$)")
LONG_PARAGRAPH_SENTENCES = 3


def words(text: str) -> list[str]:
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    return [part.strip() for part in SENTENCE_END.split(text) if WORD.search(part)]


def reading_grade(text: str) -> float:
    """Flesch–Kincaid grade level in US school years (Kincaid et al. 1975), never negative; 0 for no text."""
    word_list = words(text)
    if not word_list:
        return 0.0
    syllables = sum(syllable_count(word) for word in word_list)
    # The constants are those of the published formula.
    grade = 0.39 * len(word_list) / len(sentences(text)) + 11.8 * syllables / len(word_list) - 15.59
    return round(max(grade, 0.0), 1)


def smog_index(text: str) -> float:
    """SMOG grade (McLaughlin 1969, J Reading 12:639-646): by how many words have three syllables; 0 for no text."""
    word_list = words(text)
    if not word_list:
        return 0.0
    long = sum(1 for word in word_list if syllable_count(word) >= 3)
    return round(1.043 * (30 * long / len(sentences(text))) ** 0.5 + 3.1291, 1)


def long_sentences(text: str) -> list[str]:
    return [sentence for sentence in sentences(text) if len(words(sentence)) > LONG_SENTENCE_WORDS]


def is_long_paragraph(paragraph: str) -> bool:
    """More than three sentences (NHS service manual). Takes one paragraph of plain text."""
    parts = PARAGRAPH_SENTENCE_END.split(paragraph)
    return sum(1 for part in parts if WORD.search(part)) > LONG_PARAGRAPH_SENTENCES


def syllable_count(word: str) -> int:
    """The number of groups of vowels, without a silent final e: close enough for a reading grade."""
    word = word.lower()
    count = len(VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(count, 1)
