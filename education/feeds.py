from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from education.addresses import absolute, tag_uri
from education.models import Article, Language
from education.models.article import language_kwargs
from education.review_status import standing_with_dates
from education.xml_text import writable

ENTRIES = 30


class FeedInLanguage(Atom1Feed):
    """Django takes the language of the whole site; a feed in Spanish says so."""

    def root_attributes(self):
        return super().root_attributes() | {"xml:lang": self.feed["of_language"]}


class ArticleFeed(Feed):
    """What was published or reviewed last, in one language. All addresses are built from SITE_URL."""

    feed_type = FeedInLanguage
    # A reviewer has checked a page and not written it: the summary names them as what they are.
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
        articles = Article.objects.published().in_language(language).select_related("live__reviewer")
        articles = articles.with_machine_facts().with_source_flag()
        articles = list(articles.order_by("-live__published_at", "-pk")[:ENTRIES])
        if not articles and language != Language.ENGLISH:
            raise Http404
        return articles

    def item_title(self, article):
        # Django's own escapes for RSS. In Atom a title is plain text, and escaped once when it is written.
        return writable(article.live.title)

    def item_description(self, article):
        # Atom1Feed calls a summary HTML.
        told = " ".join([article.live.summary, *standing_with_dates(article.live, article.source_flag)])
        return escape(writable(told))

    def item_link(self, article):
        return absolute(article.get_absolute_url())

    def item_guid(self, article):
        """Stays when title, kind or address change."""
        return tag_uri(f"{article.created_at:%Y-%m-%d}", f"article/{article.pk}")

    def item_pubdate(self, article):
        return article.first_published

    def item_updateddate(self, article):
        return article.live.published_at

    def item_categories(self, article):
        return [article.get_kind_display()]
