from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.models import Article, Language
from education.models.article import in_address

ENTRIES = 30


class FeedInLanguage(Atom1Feed):
    """Django takes the language of the whole site; a feed in Spanish says so."""

    def root_attributes(self):
        return super().root_attributes() | {"xml:lang": self.feed["of_language"]}


class ArticleFeed(Feed):
    """What was published or reviewed last, in one language. All addresses are built from SITE_URL."""

    feed_type = FeedInLanguage
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
        return absolute(reverse("education:feed", kwargs=in_address(language)))

    def feed_guid(self, language):
        return self.feed_url(language)

    def feed_extra_kwargs(self, language):
        return {"of_language": str(language)}

    def items(self, language):
        articles = Article.objects.published().in_language(language).select_related("live__reviewer")
        articles = list(articles.with_machine_facts().order_by("-live__published_at", "-pk")[:ENTRIES])
        if not articles and language != Language.ENGLISH:
            raise Http404
        return articles

    def item_title(self, article):
        # Django's own escapes for RSS. In Atom a title is plain text, and escaped once when it is written.
        return article.live.title

    def item_description(self, article):
        # Atom1Feed calls a summary HTML.
        return escape(article.live.summary)

    def item_link(self, article):
        return absolute(article.get_absolute_url())

    def item_guid(self, article):
        """A tag (RFC 4151) that stays when title, kind or address change."""
        host = settings.SITE_URL.partition("://")[2].partition(":")[0]
        return f"tag:{host},{article.created_at:%Y-%m-%d}:article/{article.pk}"

    def item_pubdate(self, article):
        return article.first_published

    def item_updateddate(self, article):
        return article.live.published_at

    def item_author_name(self, article):
        return str(article.live.reviewer) if article.live.is_reviewed else "GutSkin"

    def item_categories(self, article):
        return [article.get_kind_display()]
