"""The sitemap (sitemaps.org): reading pages in every language, with their alternates."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from education.languages import translations_of
from education.models import Article, Kind, Language
from education.models.article import list_url


class SiteSitemap(Sitemap):
    """Addresses are built from SITE_URL, never from the Host header, so that a cached sitemap cannot be poisoned."""

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(SiteSitemap):
    """Pages whose text is in their template. There is no date for these."""

    # Search, feedback and the pages of one request are left out: there is nothing to find there.
    def items(self):
        names = ("evidence", "glossary", "reference-list", "experts", "about", "privacy", "accessibility")
        names += ("emergency-numbers",)
        return [f"education:{name}" for name in names] + ["consultations:inquiry-create"]

    def location(self, item):
        return reverse(item)


class ListSitemap(SiteSitemap):
    """The home page and the lists, each with the date of its newest entry. Empty lists exist only in English."""

    def items(self):
        published = {}
        # One query for the dates of all lists.
        for language, kind, moment in Article.objects.published().values_list("language", "kind", "live__published_at"):
            published.setdefault((language, kind), []).append(moment)
        pages = [(reverse("education:home"), _newest(published, Language.ENGLISH))]
        for language in Language:
            if language != Language.ENGLISH and (newest := _newest(published, language)):
                pages.append((reverse("education:language-home", args=[language]), newest))
            for kind in (Kind.MECHANISM, Kind.CONDITION, Kind.THERAPY):
                moments = published.get((language, kind), [])
                if moments or language == Language.ENGLISH:
                    pages.append((list_url(kind, language), max(moments, default=None)))
        return pages

    def location(self, page):
        return page[0]

    def lastmod(self, page):
        return page[1]


class ArticleSitemap(SiteSitemap):
    """Every published article, with its translations as alternates."""

    def items(self):
        articles = Article.objects.published().with_live().with_machine_facts()
        # A sitemap of thousands of pages must not load their text.
        return list(articles.only("kind", "slug", "language", "live__published_at"))

    def lastmod(self, article):
        return article.live.published_at

    def get_urls(self, page=1, site=None, protocol=None):
        return [url | {"alternates": _alternates(url["item"])} for url in super().get_urls(page, site, protocol)]


def _newest(published, language):
    moments = [moment for (found, _kind), moments in published.items() if found == language for moment in moments]
    return max(moments, default=None)


def _alternates(article):
    """The same alternates as in the page's head: every language, and the first of them as x-default."""
    pages = [{"location": page["url"], "lang_code": page["language"]} for page in translations_of(article)]
    # x-default is what search engines show to readers of all other languages.
    return [*pages, {"location": pages[0]["location"], "lang_code": "x-default"}] if len(pages) > 1 else []


sitemaps = {"lists": ListSitemap, "pages": PageSitemap, "articles": ArticleSitemap}
