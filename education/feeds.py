"""Atom feeds (RFC 4287): new and newly reviewed pages, statements that new evidence changed, what a search finds.

All addresses are built from SITE_URL, never from the Host header of a request.
"""

from datetime import datetime, time
from typing import NamedTuple

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.addresses import absolute, tag_uri
from education.models import (
    Article,
    EvidenceStatement,
    Language,
    NewPaper,
    ReferenceStatus,
    SearchDocument,
)
from education.models.article import language_kwargs
from education.review_status import review_status_with_dates
from education.search import matching_documents, one_line
from education.xml_text import writable

# A feed with more weighs more than twice that of our own twelve articles.
ENTRIES = 20
# Reserved for the most recently changed statements. Otherwise, publishing every page on one day would push them out.
PLACES_FOR_CHANGES = 5
# Each statement may have changed because of several.
MOST_PAPERS = 100
# Of an article. Without the text, which is most of what the database would send.
LIVE = ("title", "summary", "published_at", "last_reviewed", "next_review_due", "reviewer")
SHOWN = ["kind", "slug", "language", "created_at", "translation_of", "live", *(f"live__{name}" for name in LIVE)]

# Of a document of search: what _published_at takes.
DATES_OF_A_DOCUMENT = (
    "article__live__published_at",
    "statement__reviewed_on",
    "statement__condition__live__published_at",
)


class ChangedStatement(NamedTuple):
    """A statement that was approved because of new papers, and these papers. An entry of the feed beside the pages."""

    statement: EvidenceStatement
    papers: list[NewPaper]

    @property
    def changed_at(self):
        return timezone.make_aware(datetime.combine(self.statement.reviewed_on, time()))

    @property
    def title(self):
        names = {"condition": self.statement.condition.live.title, "intervention": self.statement.intervention.name}
        return _("Changed after new evidence: %(intervention)s, %(condition)s") % names

    @property
    def description(self):
        what = _("We now say: %(sentence)s") % {"sentence": self.statement.sentence}
        papers = [_paper_in_words(paper) for paper in self.papers]
        whys = dict.fromkeys(paper.note for paper in self.papers)
        return " ".join([what, *papers, *(_("Why: %(why)s") % {"why": why} for why in whys)])


def changed_statements(language) -> list[ChangedStatement]:
    """The newest first. One query."""
    papers_of = {}
    for paper in NewPaper.objects.that_changed_a_statement(language, MOST_PAPERS):
        papers_of.setdefault(paper.statement_id, []).append(paper)
    return [ChangedStatement(papers[0].statement, papers) for papers in papers_of.values()][:ENTRIES]


def _paper_in_words(paper):
    where = ", ".join(filter(None, (paper.journal, str(paper.year or ""))))
    values = {"title": paper.title.rstrip("."), "where": where, "address": paper.link}
    return _("New paper: %(title)s. %(where)s. %(address)s") % values


class FeedInLanguage(Atom1Feed):
    """Django states the language of the site; a feed in Spanish has to state its own."""

    def root_attributes(self):
        return super().root_attributes() | {"xml:lang": self.feed["of_language"]}


class ArticleFeed(Feed):
    """The pages that were last published or reviewed, in one language, and the statements that new evidence changed."""

    feed_type = FeedInLanguage
    # A reviewer has checked a page, not written it, so reviewers are named in the summary and not as authors.
    author_name = "GutSkin"

    def get_object(self, request, language=Language.ENGLISH):
        return language

    def title(self, language):
        return _("GutSkin: new and newly reviewed pages")

    def subtitle(self, language):
        return _("What is known about the gut and the skin, how sure anybody can be, and where each claim comes from.")

    def link(self, language):
        if language == Language.ENGLISH:
            return absolute(reverse("education:home"))
        return absolute(reverse("education:language-home", args=[language]))

    def feed_url(self, language):
        return absolute(reverse("education:feed", kwargs=language_kwargs(language)))

    def feed_guid(self, language):
        return self.feed_url(language)

    def feed_extra_kwargs(self, language):
        return {"of_language": str(language)}

    def items(self, language):
        articles = Article.objects.newest(language, ENTRIES).select_related("live__reviewer").only(*SHOWN)
        articles = list(articles.with_machine_facts().with_source_flag())
        # An address in a language exists only if a page in it does (decision 14).
        if not articles and language != Language.ENGLISH:
            raise Http404
        changed = changed_statements(language)
        kept, others = changed[:PLACES_FOR_CHANGES], [*articles, *changed[PLACES_FOR_CHANGES:]]
        newest = sorted(others, key=self.item_updateddate, reverse=True)[: ENTRIES - len(kept)]
        return sorted([*kept, *newest], key=self.item_updateddate, reverse=True)

    def item_title(self, article):
        if isinstance(article, ChangedStatement):
            return writable(article.title)
        # Django's own default escapes for RSS. A title in Atom is plain text, and the XML writer escapes it once.
        return writable(article.live.title)

    def item_description(self, article):
        if isinstance(article, ChangedStatement):
            return escape(writable(article.description))
        # Atom1Feed declares summaries as HTML.
        summary = " ".join([article.live.summary, *review_status_with_dates(article.live, article.source_flag)])
        return escape(writable(summary))

    def item_link(self, article):
        if isinstance(article, ChangedStatement):
            return absolute(article.statement.get_absolute_url())
        return absolute(article.get_absolute_url())

    def item_guid(self, article):
        """A tag URI that stays the same when the title, kind or address of the article changes."""
        if isinstance(article, ChangedStatement):
            return tag_uri(f"{article.changed_at:%Y-%m-%d}", f"statement/{article.statement.pk}")
        return tag_uri(f"{article.created_at:%Y-%m-%d}", f"article/{article.pk}")

    def item_pubdate(self, article):
        return article.changed_at if isinstance(article, ChangedStatement) else article.first_published

    def item_updateddate(self, article):
        return article.changed_at if isinstance(article, ChangedStatement) else article.live.published_at

    def item_categories(self, article):
        if isinstance(article, ChangedStatement):
            return [_("What was tested")]
        return [article.get_kind_display()]


class SearchFeed(Feed):
    """Pages and statements with every word of a query, newest first. Glossary terms have no date, so they are left out.

    An item is a pair: when the document was published, and the SearchDocument.
    """

    feed_type = Atom1Feed
    author_name = "GutSkin"

    def get_object(self, request):
        return one_line(request.GET.get("q", ""))

    def title(self, query):
        return _("GutSkin: new about “%(query)s”") % {"query": _printable(query)}

    def subtitle(self, query):
        return _("Pages and tested treatments with these words, the newest first.")

    def link(self, query):
        return absolute(f"{reverse('education:search')}?{urlencode({'q': query})}")

    def feed_url(self, query):
        return absolute(f"{reverse('education:search-feed')}?{urlencode({'q': query})}")

    def feed_guid(self, query):
        return self.feed_url(query)

    def items(self, query):
        matching = matching_documents(query)
        # Hundreds may match: only the dates of all of them are read, and only those that are shown with their texts.
        dates = {pk: _published_at(*dates) for pk, *dates in matching.values_list("pk", *DATES_OF_A_DOCUMENT)}
        newest = sorted(((moment, pk) for pk, moment in dates.items() if moment), reverse=True)[:ENTRIES]
        shown = SearchDocument.objects.with_owners().in_bulk([pk for _moment, pk in newest])
        # Flags of all articles in one query, instead of one for each entry.
        ids = [document.article_id for document in shown.values() if document.article_id]
        flags = dict(Article.objects.filter(pk__in=ids).with_source_flag().values_list("pk", "source_flag"))
        for document in shown.values():
            if document.article:
                document.article.source_flag = flags.get(document.article_id)
        return [(moment, shown[pk]) for moment, pk in newest if pk in shown]

    def item_title(self, item):
        return capfirst(writable(item[1].title))

    def item_description(self, item):
        document = item[1]
        if document.article:
            return ArticleFeed().item_description(document.article)
        # Atom1Feed declares summaries as HTML.
        return escape(writable(" ".join([document.summary or document.text, *_statement_status(document)])))

    def item_link(self, item):
        return absolute(item[1].url)

    def item_guid(self, item):
        # A page has the same id in all our feeds, so a feed reader shows it as read in all of them.
        return ArticleFeed().item_guid(item[1].article) if item[1].article else self.item_link(item)

    def item_updateddate(self, item):
        return item[0]

    def item_categories(self, item):
        return [item[1].get_subject_display()]


def _published_at(article_published, reviewed_on, condition_published):
    """When a document was published; for a statement without a review, when the page of its condition was."""
    if reviewed_on:
        return timezone.make_aware(datetime.combine(reviewed_on, time()))
    return article_published or condition_published


def _statement_status(document):
    """Whether a statement still awaits review, and whether a source behind it was retracted or rejected."""
    if not document.statement.reviewed_on:
        yield _("Awaiting clinical review.")
    if document.flag == ReferenceStatus.RETRACTED:
        yield _("One of the papers behind this was retracted.")
    elif document.flag == ReferenceStatus.REJECTED:
        yield _("One of the sources behind this did not hold up.")


def _printable(text):
    """The text without characters that XML cannot hold or a reader cannot see."""
    return "".join(character for character in text if character.isprintable())
