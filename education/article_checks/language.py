"""Is it plain language? Length, reading grade, sentences, paragraphs, risks, acronyms (NHS service manual)."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.article_checks.finding import Finding
from education.models import GlossaryTerm, Language
from education.publication_rules import PERCENTAGE, WORDS
from education.readability import LONG_PARAGRAPH_SENTENCES, LONG_SENTENCE_WORDS, is_long_paragraph, long_sentences

# Two capital letters or more, with or without a plural “s”.
ACRONYM = re.compile(r"\b[A-Z]{2,}s?\b")
ACRONYM_IN_BRACKETS = re.compile(r"\(([A-Z]{2,}?)s?\b")
# A guide, not a rule: medical terms that have to be named raise the grade.
READING_GRADE_GOAL = 8.0


def findings(article, text, blocks, count, grade):
    """Findings about `text`, which has `count` words. `grade` is None if the formula does not fit the language."""
    if count not in WORDS:
        sentence = _("The text has %(count)s words; %(least)s to %(most)s read well.") % {
            "count": count,
            "least": min(WORDS),
            "most": max(WORDS),
        }
        yield Finding("length", sentence)
    if grade is not None and grade > READING_GRADE_GOAL:
        sentence = _("The reading grade is %(grade)s; aim for 8 or lower.") % {"grade": grade}
        yield Finding("grade", sentence)
    if long := long_sentences(text):
        sentence = ngettext(
            "%(count)s sentence has more than %(most)s words.",
            "%(count)s sentences have more than %(most)s words.",
            len(long),
        )
        yield Finding("sentences", sentence % {"count": len(long), "most": LONG_SENTENCE_WORDS}, _quoted(long))
    paragraphs = [block.text for block in blocks if not block.is_heading and is_long_paragraph(block.text)]
    if paragraphs:
        sentence = ngettext(
            "%(count)s paragraph has more than %(most)s sentences.",
            "%(count)s paragraphs have more than %(most)s sentences.",
            len(paragraphs),
        )
        yield Finding(
            "paragraphs",
            sentence % {"count": len(paragraphs), "most": LONG_PARAGRAPH_SENTENCES},
            _quoted(_beginning(paragraph) for paragraph in paragraphs),
        )
    if percentages := [block.text for block in blocks if PERCENTAGE.search(block.text)]:
        sentence = _("Write risks as “X out of 10 people”, not as percentages.")
        yield Finding("percentages", sentence, _quoted(_around(PERCENTAGE, text) for text in percentages))
    if acronyms := unexplained_acronyms(article, text):
        sentence = _("Spell out at first use: %(acronyms)s.") % {"acronyms": ", ".join(acronyms)}
        yield Finding("acronyms", sentence)


def is_english(article):
    """Flesch–Kincaid was fitted to English; for any other language its grade would be meaningless."""
    return article.language == Language.ENGLISH


def reading_age(grade: float) -> str:
    """The age of readers that a grade fits, in words: pupils in grade 6 of a US school are 11 to 12 years old."""
    # Grade 1 begins at the age of six.
    youngest = int(grade) + 5
    if youngest >= 18:
        return _("readers with a university education")
    return _("readers of about %(from)s to %(to)s years") % {"from": youngest, "to": youngest + 1}


def unexplained_acronyms(article, text):
    """Acronyms that appear nowhere in brackets, as after their expansion, and are not in the glossary."""
    acronyms = {match.removesuffix("s") for match in ACRONYM.findall(text)}
    terms = GlossaryTerm.objects.filter(language=article.language).values_list("term", "also")
    explained = {word for term, also in terms for word in [term, *also]} | set(ACRONYM_IN_BRACKETS.findall(text))
    return sorted(acronyms - explained)


def _quoted(texts):
    return [_("“%(words)s”") % {"words": text} for text in texts]


def _beginning(text):
    words = text.split()
    return " ".join(words[:12]) + (" …" if len(words) > 12 else "")


def _around(pattern, text):
    """The first match with up to six words on each side."""
    match = pattern.search(text)
    before, after = text[: match.start()].split(" "), text[match.end() :].split(" ")
    start = "… " if len(before) > 6 else ""
    end = " …" if len(after) > 6 else ""
    return f"{start}{' '.join(before[-6:])}{match.group()}{' '.join(after[:6])}{end}"
