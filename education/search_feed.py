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
from education.search import LONGEST_QUERY, matching

ENTRIES = 30


class SearchFeed(Feed):
    """Pages and statements with every word of a query, the newest first. Glossary words have no date, and stay out."""

    feed_type = Atom1Feed
    author_name = "GutSkin"

    def get_object(self, request):
        return " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]

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
        return sorted(dated, key=lambda pair: (pair[0], pair[1].pk), reverse=True)[:ENTRIES]

    def item_title(self, item):
        return capfirst(item[1].title)

    def item_description(self, item):
        # Atom1Feed calls a summary HTML.
        return escape(item[1].summary or item[1].text)

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


def _writable(text):
    """Without what XML cannot hold."""
    return "".join(character for character in text if character.isprintable())
