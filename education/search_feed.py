from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.feeds import ArticleFeed
from education.models import Article, ReferenceStatus
from education.search import matching, one_line
from education.xml_text import writable

ENTRIES = 30


class SearchFeed(Feed):
    """Pages and statements with every word of a query, the newest first. Glossary words have no date, and stay out."""

    feed_type = Atom1Feed
    author_name = "GutSkin"

    def get_object(self, request):
        return one_line(request.GET.get("q", ""))

    def title(self, query):
        return _("GutSkin: new about “%(query)s”") % {"query": _writable(query)}

    def subtitle(self, query):
        return _("Pages and tested treatments with these words, the newest first.")

    def link(self, query):
        return absolute(f"{reverse('education:search')}?{urlencode({'q': query})}")

    def feed_url(self, query):
        return absolute(f"{reverse('education:search-feed')}?{urlencode({'q': query})}")

    def feed_guid(self, query):
        return self.feed_url(query)

    def items(self, query):
        dated = [(_moment(document), document) for document in matching(query)]
        dated = [(moment, document) for moment, document in dated if moment]
        newest = sorted(dated, key=lambda pair: (pair[0], pair[1].pk), reverse=True)[:ENTRIES]
        wanted = [document.article_id for _date, document in newest if document.article_id]
        flags = dict(Article.objects.filter(pk__in=wanted).with_source_flag().values_list("pk", "source_flag"))
        for _date, document in newest:
            if document.article:
                document.article.source_flag = flags.get(document.article_id)
        return newest

    def item_title(self, item):
        return capfirst(writable(item[1].title))

    def item_description(self, item):
        document = item[1]
        if document.article:
            return ArticleFeed().item_description(document.article)
        # Atom1Feed calls a summary HTML.
        return escape(writable(" ".join([document.summary or document.text, *_standing(document)])))

    def item_link(self, item):
        return absolute(item[1].url)

    def item_guid(self, item):
        # The same page has the same name in every feed of ours.
        return ArticleFeed().item_guid(item[1].article) if item[1].article else self.item_link(item)

    def item_updateddate(self, item):
        return item[0]

    def item_categories(self, item):
        return [item[1].get_subject_display()]


def _moment(document):
    """When it was published; of a statement that nobody has signed yet, when its condition's page was."""
    if document.article:
        return document.article.live and document.article.live.published_at
    if document.statement and document.statement.reviewed_on:
        return timezone.make_aware(datetime.combine(document.statement.reviewed_on, time()))
    live = document.statement and document.statement.condition.live
    return live.published_at if live else None


def _standing(document):
    """Of a statement: that nobody has signed it yet, and what became of a source behind it."""
    if not document.statement.reviewed_on:
        yield _("Awaiting clinical review.")
    if document.flag == ReferenceStatus.RETRACTED:
        yield _("One of the papers behind this was retracted.")
    elif document.flag == ReferenceStatus.REJECTED:
        yield _("One of the sources behind this did not hold up.")


def _writable(text):
    """Without what XML cannot hold."""
    return "".join(character for character in text if character.isprintable())
