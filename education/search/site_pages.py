"""Pages about the site itself. They are no articles, but people search for them too: “privacy”, “who answers”."""

from functools import cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from education.search.stemming import plain_words, stem

# A shorter beginning would suggest them under half of all words.
SHORTEST_BEGINNING = 3
LANGUAGE = "en"


class SitePage(NamedTuple):
    """`asked` are the words with which readers look for it, separated by commas."""

    name: str
    title: str
    summary: str
    asked: str

    @property
    def url(self):
        return reverse(self.name)


PAGES = (
    SitePage(
        "education:about",
        _lazy("How we write and review"),
        _lazy("Who writes the pages, how they are checked, and what the marks of certainty mean."),
        "about, about us, about this site, about gutskin, who are you, who we are, who is behind this, "
        "who writes this, who wrote this, who reviews this, how you review, how we write, authors, editors, "
        "conflicts of interest, who pays, funding, can I trust this",
    ),
    SitePage(
        "education:experts",
        _lazy("Ask our experts"),
        _lazy("Who answers, what an evaluation of gut and skin is, and how to ask."),
        "experts, our experts, expert, who answers, who answers my question, who reads my request, doctors, "
        "clinicians, your team, ask, ask a doctor, ask an expert, ask our experts",
    ),
    SitePage(
        "consultations:inquiry-create",
        _lazy("Request a consultation"),
        _lazy("The form in which you tell us about your skin and your gut."),
        "consultation, request a consultation, ask a question, send a question, contact, contact us, appointment, "
        "second opinion, form",
    ),
    SitePage(
        "consultations:status-page",
        _lazy("See the status of your request"),
        _lazy("Read the answer to your request with the code that you were given."),
        "my request, status of my request, my answer, where is my answer, my code, enter code",
    ),
    SitePage(
        "consultations:code-ask",
        _lazy("I lost my code"),
        _lazy("How to see your request again without the code."),
        "lost code, lost my code, forgot my code, new code",
    ),
    SitePage(
        "education:privacy",
        _lazy("Privacy"),
        _lazy("What is stored about you, for how long, and who can read it."),
        "privacy, privacy policy, privacy notice, data protection, GDPR, cookies, cookie policy, my data, "
        "personal data, delete my data, tracking, confidential, confidentiality, is this private",
    ),
    SitePage(
        "education:accessibility",
        _lazy("Accessibility"),
        _lazy("How this site works with large text, a keyboard or a screen reader, and what does not work yet."),
        "accessibility, accessibility statement, screen reader, large text, keyboard, high contrast, WCAG",
    ),
    SitePage(
        "education:emergency-numbers",
        _lazy("Emergency numbers of all countries"),
        _lazy("Whom to call now, in each country."),
        "emergency, emergency number, emergency numbers, ambulance, 999, 911, 112",
    ),
    SitePage(
        "education:diary",
        _lazy("Food and skin diary"),
        _lazy("Two weeks on one sheet, to print and fill in."),
        "diary, food diary, skin diary, symptom diary, food and skin diary",
    ),
    SitePage(
        "education:evidence",
        _lazy("All the evidence, with how sure we are"),
        _lazy("A map of every treatment and condition that we looked at."),
        "evidence, the evidence, evidence map, map, research, studies, trials",
    ),
    SitePage(
        "education:glossary",
        _lazy("Glossary"),
        _lazy("Medical words about gut and skin, in plain ones."),
        "glossary, dictionary, medical words, word list",
    ),
    SitePage(
        "education:reference-list",
        _lazy("References"),
        _lazy("Every paper that this site rests on."),
        "references, sources, bibliography, papers",
    ),
)


def _stems(text):
    return tuple(stem(word, LANGUAGE) for word in plain_words(text))


@cache
def _asked():
    """Computed on the first search, because the stemmer should not be loaded into every process at start."""
    return tuple((tuple(_stems(phrase) for phrase in page.asked.split(",")), page) for page in PAGES)


BEGINNINGS = tuple((tuple(" ".join(plain_words(phrase)) for phrase in page.asked.split(",")), page) for page in PAGES)


def site_pages(text: str, language: str) -> list[SitePage]:
    """Those that a query asks for: by one of their names, or by a name of several words within a question. No query.

    Of “my code” and “lost my code”, the longer one counts.
    """
    if language != LANGUAGE:
        return []
    asked = _stems(text)
    lengths = [max((len(name) for name in names if _asks_for(asked, name)), default=0) for names, _page in _asked()]
    longest = max(lengths)
    return [page for (_names, page), length in zip(_asked(), lengths, strict=True) if length == longest > 0]


def beginning_with(text: str, language: str) -> list[SitePage]:
    """Those of which a name begins with what was typed so far."""
    beginning = " ".join(plain_words(text))
    if language != LANGUAGE or len(beginning) < SHORTEST_BEGINNING:
        return []
    return [page for names, page in BEGINNINGS if any(name.startswith(beginning) for name in names)]


def _asks_for(asked, name):
    if asked == name or len(name) == 1:
        return asked == name
    return any(asked[begin : begin + len(name)] == name for begin in range(len(asked) - len(name) + 1))
