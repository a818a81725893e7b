"""What stops a text from being published. Advice that stops nothing is in education/article_checks/.

Sources: NHS service manual (plain language), GRADE wording by Santesso 2020 (J Clin Epidemiol 119:126-135).
"""

import re
import unicodedata
from html.parser import HTMLParser

from django.utils import timezone
from django.utils.translation import gettext as _

from education.models import Certainty, Effect, GlossaryTerm, Reference
from education.models.effects import NOTHING_FOUND
from education.reference_rules import reference_problems
from education.rendering import plain_text
from education.sanitiser import size_problem

# Words that promise more than any evidence about the gut and the skin can.
FORBIDDEN = re.compile(
    r"\b(cures?|cured|proven|boost(?:s|ed|ing)?|detox\w*|heals?\s+(?:the|your)\s+gut|miracles?)\b", re.IGNORECASE
)
# A level of certainty has fields of its own, which readers see as such.
GRADE_WORDS = re.compile(r"⊕|\b(?:high|moderate|low)[\s-]+certainty\b", re.IGNORECASE)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
# A difference may also be told as “about twice as common” or “no clear difference”.
FIGURES = re.compile(r"\d|\b(?:twice|half|third|quarter|no clear difference|no difference)\b", re.IGNORECASE)
PERCENTAGE = re.compile(r"\d\s?%|\bper ?cent\b", re.IGNORECASE)
TEXT_FIELDS = ("title", "summary", "key_points", "actions", "body", "questions", "conflicts_of_interest")
# Of the text without what readers can do, so that the page fits on fourteen screens of a phone. Seed content must keep
# to it; for articles in admin it is advice only (article_checks/language.py).
WORDS = range(300, 901)

# High certainty has no word of its own: the sentence simply states the effect.
CERTAINTY_WORDS = {
    Certainty.MODERATE: re.compile(r"\bprobably\b", re.IGNORECASE),
    Certainty.LOW: re.compile(r"\bmay\b", re.IGNORECASE),
    Certainty.VERY_LOW: re.compile(r"\bvery uncertain\b", re.IGNORECASE),
}
NOTHING_FOUND_WORDS = {
    # Of a kind, such as “no randomised trials”.
    Effect.NO_TRIALS: re.compile(r"^We found no (?:[\w-]+ ){0,3}trials?\b"),
    Effect.NO_GOOD_EVIDENCE: re.compile(r"^We found no good evidence\b"),
}


def article_problems(article, care_cards=None):
    """Reasons why the working copy cannot be submitted for review, as full sentences.

    `care_cards` are dicts of cards that were typed and not saved yet; without them the saved ones count.
    """
    # Before anything parses it: not every text was saved by the form, which refuses it too.
    if problem := size_problem(article.body):
        return [problem]
    text = {name: getattr(article, name) for name in TEXT_FIELDS}
    if care_cards is None:
        care_cards = article.care_cards.values("heading", "items", "advice") if article.pk else []
    return text_problems(text, care_cards) + _citation_problems(cited_keys(article.body)) + _glossary_problems(article)


def text_problems(text, care_cards):
    """The rules that need no database. `text` is a dict with the keys of TEXT_FIELDS; `care_cards` are dicts too."""
    problems = []
    points = [point for point in text["key_points"].splitlines() if point.strip()]
    if not text["summary"].strip():
        problems.append(_("The summary is missing."))
    if not 3 <= len(points) <= 5:
        problems.append(_("“In short” needs three to five sentences, each on its own line."))
    problems += action_problems(text["actions"])
    if "<h2" not in text["body"]:
        problems.append(_("The text has no heading of the second level."))
    if not cited_keys(text["body"]):
        problems.append(_("The text cites no reference."))
    if not text["conflicts_of_interest"].strip():
        problems.append(_("The sentence on conflicts of interest is missing."))
    visible = [plain_text(value) if name == "body" else value for name, value in text.items() if name in TEXT_FIELDS]
    visible += [card[name] for card in care_cards for name in ("heading", "items", "advice")]
    return problems + word_problems("\n".join(visible))


def action_problems(actions):
    """`actions` as one text or as a list of lines."""
    if INVISIBLE.sub("", "".join(actions)).strip():
        return []
    return [_("“What you can do” is missing. Name at least one thing that readers can do themselves.")]


def word_problems(text):
    """Words that promise too much. Invisible characters, such as a soft hyphen inside a word, do not hide them."""
    # NFKC turns look-alikes, such as full-width letters, into plain ones.
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return [
        _("“%(word)s” is not a word we use in text for patients.") % {"word": word}
        for word in sorted({" ".join(match.group().lower().split()) for match in FORBIDDEN.finditer(text)})
    ]


def approval_problems(revision):
    """Reasons why a frozen revision cannot be approved. It may have been submitted before a rule was made."""
    return action_problems(revision.actions) + revision_problems(revision)


def revision_problems(revision):
    """Reasons why an approved revision cannot be published. Only its sources can have changed since then."""
    # The text is frozen and was checked at submission.
    return _citation_problems(revision.reference_keys)


def statement_problems(statement):
    """Reasons why an evidence statement cannot be published."""
    problems = [
        str(problem) for problem in sentence_problems(statement.sentence, statement.certainty, statement.effect)
    ]
    problems += word_problems(f"{statement.outcome}\n{statement.sentence}")
    problems += basis_problems(statement)
    references = list(statement.references.with_canonical())
    if statement.is_rated and not references:
        problems.append(_("A statement with a certainty needs at least one reference."))
    # Its record is fetched within hours (education/actions/new_papers.py), and belongs to what is signed.
    problems += [
        _("The record of the new paper PMID %(pmid)s has not come from PubMed yet.") % {"pmid": paper.pmid}
        for paper in statement.new_papers.without_reference()
    ]
    problems += number_problems(statement.numbers.select_related("source"), references)
    return problems + reference_problems(references)


def basis_problems(statement):
    """What must stand behind a sentence besides papers: a search, or whoever recommends something."""
    if statement.effect in NOTHING_FOUND:
        parts = (statement.search_where, statement.search_words.strip(), statement.search_date, statement.search_by)
        if not all(parts):
            return [_("Say where you looked, with which words, on which day, and who did: readers see it.")]
    if statement.effect == Effect.RECOMMENDATION and not (statement.recommended_by and statement.direction):
        return [_("Say who recommends this, and whether for or against it.")]
    return search_day_problems(statement.search_date) + strength_problems(statement.strength)


def search_day_problems(day):
    return [_("The day of the search is in the future.")] if day and day > timezone.localdate() else []


def strength_problems(strength):
    if not GRADE_WORDS.search(strength):
        return []
    return [_("A strength is not a certainty: leave out its words and signs, and use “certainty beneath”.")]


def number_problems(numbers, references):
    """Each number needs a source that the statement cites, so that a reader can find it there."""
    keys, problems = {reference.key for reference in references}, []
    for number in numbers:
        if number.source.key not in keys:
            problems.append(
                _("“%(what)s”: its source %(source)s is not among the references.")
                % {"what": number.what, "source": number.source.key}
            )
        wordy = difference_problems(number.difference, number.interval_words).values()
        problems += [f"“{number.what}”: {problem}" for problem in wordy]
    return problems


def difference_problems(difference, interval_words):
    """By the name of the field: a difference and its interval in words have figures in them."""
    problems = {}
    if difference and not FIGURES.search(difference):
        problems["difference"] = _("Write the difference in figures, for example “3 to 4 points lower”.")
    if interval_words and not FIGURES.search(interval_words):
        problems["interval_words"] = _("Write both ends of the interval in figures.")
    return problems


def sentence_problems(sentence, certainty, effect):
    """The sentence must use the word for its level of certainty (GRADE) and none for another level."""
    if effect in NOTHING_FOUND_WORDS:
        if NOTHING_FOUND_WORDS[effect].search(sentence):
            return []
        return [_("The sentence must begin with “%(words)s”.") % {"words": Effect(effect).label}]
    if effect == Effect.RECOMMENDATION:
        # It has a strength. How certain the evidence beneath is has a field of its own.
        rates = CERTAINTY_WORDS[Certainty.VERY_LOW].search(sentence)
        return [_("A recommendation is not rated: leave out “very uncertain”.")] if rates else []
    problems = []
    for level, word in CERTAINTY_WORDS.items():
        if (level == certainty) != bool(word.search(sentence)):
            wanted = _("must say") if level == certainty else _("must not say")
            problems.append(
                _("With certainty “%(certainty)s” the sentence %(wanted)s “%(word)s”.")
                % {
                    "certainty": Certainty(certainty).label,
                    "wanted": wanted,
                    "word": word.pattern.replace(r"\b", ""),
                }
            )
    return problems


def cited_keys(body):
    return _attribute_values(body, "cite", "data-ref")


def glossary_slugs(body):
    return _attribute_values(body, "dfn", "data-term")


def _citation_problems(keys):
    known = {reference.key: reference for reference in Reference.objects.with_canonical().filter(key__in=keys)}
    missing = [_("The reference “%(key)s” does not exist.") % {"key": key} for key in keys if key not in known]
    return missing + reference_problems(known.values())


def _glossary_problems(article):
    slugs = glossary_slugs(article.body)
    known = set(GlossaryTerm.objects.filter(language=article.language, slug__in=slugs).values_list("slug", flat=True))
    return [_("The glossary has no word “%(slug)s”.") % {"slug": slug} for slug in slugs if slug not in known]


# A parser instead of a regular expression: quotes and the order of attributes may vary.
class _AttributeFinder(HTMLParser):
    def __init__(self, tag, attribute):
        super().__init__()
        self.wanted = (tag, attribute)
        self.values = []

    def handle_starttag(self, tag, attrs):
        value = dict(attrs).get(self.wanted[1])
        if tag == self.wanted[0] and value is not None and value not in self.values:
            self.values.append(value)


def _attribute_values(body, tag, attribute):
    finder = _AttributeFinder(tag, attribute)
    finder.feed(body)
    return finder.values
