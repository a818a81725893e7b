"""What a request can be about: a list of conditions and, on a site with more of them, a search for the others.

The search is a step of the form, which comes back with everything that was typed; it needs no script.
"""

import re
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, OuterRef, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.fields import LineField
from consultations.red_flags import find_red_flags_in_search
from education.models import Article, EvidenceStatement, Kind
from education.search import find
from gutskin import limits
from gutskin.counting import number_of
from gutskin.search_words import occurs_in, words_of
from gutskin.storable_text import without_unstorable

SLUG = re.compile(r"[a-zA-Z0-9_-]{1,80}")
# More than that, nobody reads; and each is 80 bytes of the page.
TOPICS_OFFERED = 60
# Of titles that have the words; a single letter would be in nearly all.
TITLES_FOUND = 20
TOPIC_FIELDS = {"topic", "topic_words", "topic_asked"}
# The name of the button that searches.
FIND = "find_topic"


@dataclass(frozen=True)
class Topics:
    """The articles that the form offers, by slug in the order of the list. `found` are those that a search found.

    With `is_searched`, there are more conditions than the list has.
    """

    offered: dict[str, Article] = field(default_factory=dict)
    found: dict[str, Article] = field(default_factory=dict)
    is_searched: bool = False

    def get(self, slug: str) -> Article | None:
        return self.found.get(slug) or self.offered.get(slug)


def topics_for(chosen: str = "", words: str = "") -> Topics:
    """The published conditions, at most TOPICS_OFFERED: those that we can say most about.

    The article with the slug `chosen` is one of them, whatever it is about: the visitor came from it, or chose it
    before. `words` are searched for if there are more conditions.
    """
    articles = Article.objects.published().in_language(get_language()).with_live().only("slug", "live__title")
    statements = EvidenceStatement.objects.published().filter(condition=OuterRef("pk"))
    conditions = articles.of_kind(Kind.CONDITION).annotate(statement_count=number_of(statements))
    ranked = conditions.order_by("-statement_count", "title")
    if SLUG.fullmatch(chosen):
        # First, so that it takes no query of its own where it is not among the best. By its id, which the index has.
        is_chosen = When(pk__in=Article.objects.filter(slug=chosen).order_by().values("pk"), then=0)
        ranked = ranked.order_by(Case(is_chosen, default=1), *ranked.query.order_by)
    # The rank alone first: with the titles, the database would sort the texts of all pages.
    best = list(ranked.filter(pk__in=ranked.values("pk")[: TOPICS_OFFERED + 1]))
    offered = {article.slug: article for article in best[:TOPICS_OFFERED]}
    is_searched = len(best) > TOPICS_OFFERED
    # Words of danger get the advice on them, and nothing beside it.
    found = _found(articles, words) if is_searched and words and not find_red_flags_in_search(words) else {}
    if SLUG.fullmatch(chosen) and chosen not in offered and chosen not in found:
        offered |= {article.slug: article for article in articles.filter(slug=chosen)}
    listed = sorted(offered.values(), key=lambda article: article.live.title)
    return Topics({article.slug: article for article in listed}, found, is_searched)


def _found(articles, words):
    """Conditions whose titles have these words, and then as the search of the site finds them: by synonyms, with slips.

    The titles are looked up by themselves, since the index of the search may be old, or be rebuilt just now.
    """
    words = without_unstorable(words)
    typed = words_of(words)
    titled = articles.of_kind(Kind.CONDITION) if typed else articles.none()
    for word in typed:
        titled = titled.filter(occurs_in(word, ["live__title"]))
    ids = list(titled.order_by("live__title").values_list("pk", flat=True)[:TITLES_FOUND])
    results = find(words, kind=Kind.CONDITION, language=get_language()).results
    ids = list(dict.fromkeys([*ids, *(result.article_id for result in results)]))
    by_id = articles.in_bulk(ids)
    return {by_id[pk].slug: by_id[pk] for pk in ids if pk in by_id}


def topic_field():
    # Not a ChoiceField: a topic that has been withdrawn since the page was opened must not be an error.
    return forms.CharField(
        label=_lazy("What is it about?"), required=False, widget=forms.Select({"class": "form-select"})
    )


def topic_words_field():
    return LineField(
        label=_lazy("Is it not in this list? (optional)"),
        help_text=_lazy("Write the name of the condition, and press “Find”. What we find is then in the list above."),
        max_length=limits.SEARCH_CHARACTERS,
        widget=forms.TextInput({"autocomplete": "off", "type": "search"}),
    )


class TopicMixin:
    """For a Form with the fields `topic`, `topic_words` and `topic_asked`. Goes before StorableTextMixin."""

    def __init__(self, data=None, *, topics: Topics | None, **kwargs):
        """`topics` is None when the database is not available."""
        self.topics = topics
        super().__init__(data, **kwargs)
        self.fields["topic"].widget.choices = self._topic_choices
        if not self._is_topic_searched():
            del self.fields["topic_words"], self.fields["topic_asked"]

    def _is_topic_searched(self):
        # A form that comes back is as it was when it was opened, also without a database.
        if self.is_bound:
            return "topic_words" in self.data
        return self.topics is not None and self.topics.is_searched

    @property
    def topic_words(self) -> str:
        """What was typed into the search, whether or not it has been searched for."""
        return self.data.get("topic_words", "").strip() if self.is_bound else ""

    @property
    def is_finding(self) -> bool:
        """Whether “Find” was pressed: nothing is sent, and the other answers are not validated."""
        return self.is_bound and FIND in self.data

    def _topic_choices(self):
        other = ("", _lazy("Something else, or I am not sure"))
        if self.topics is None:
            # Keep the posted slug, so that sending the form again loses no answer.
            posted = self.data.get("topic", "")
            return [other, *([(posted, posted.replace("-", " ").capitalize())] if SLUG.fullmatch(posted) else [])]
        offered = [(slug, article.live.title) for slug, article in self.topics.offered.items()]
        if not self.topics.found:
            return [other, *offered]
        found = [(slug, article.live.title) for slug, article in self.topics.found.items()]
        rest = [choice for choice in offered if choice[0] not in self.topics.found]
        heading = _("Found for “%(words)s”") % {"words": self.topic_words}
        return [other, (heading, found), (_("Other conditions"), rest)]

    def clean_topic(self):
        """The article, or None: a topic that has since been withdrawn must not stop a patient."""
        topic = self.cleaned_data["topic"]
        return self.topics.get(topic) if topic and self.topics else None

    def clean_topic_words(self):
        """Asked once: a form that is sent again with the same words goes on without an answer to them."""
        words = self.topic_words
        # Without a database, nobody has searched.
        if not self.topics or not words or words == self.data.get("topic_asked", ""):
            return words
        # After words of danger even with a topic, so that the advice on them is seen.
        if not self.cleaned_data.get("topic") or find_red_flags_in_search(words):
            self.data["topic_asked"] = words
            raise ValidationError(_("Your request has not been sent yet.") + f" {self.topic_result}")
        return words

    def find_topic(self):
        """Says what was found instead of validating the form; nothing was typed or nothing found is an error."""
        if "topic_words" not in self.fields:
            return
        self.data["topic_asked"] = self.topic_words
        if not self.topics or not self.topics.found:
            self.add_error("topic_words", self.topic_result)

    @property
    def topic_result(self) -> str:
        """What came of the words."""
        if not self.topic_words:
            return _("Write the name of the condition first, then press “Find”.")
        if self.topics and self.topics.found:
            return _(
                "What we found for “%(words)s” is at the top of the list “What is it about?”. Choose what you mean, or "
                "“Something else, or I am not sure”."
            ) % {"words": self.topic_words}
        return _(
            "We found no condition for “%(words)s”. Try another name or, if there is none, write it where you describe "
            "the skin. Then send the form all the same."
        ) % {"words": self.topic_words}
