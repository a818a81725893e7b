"""The sitemap (sitemaps.org): reading pages in every language, with their alternates."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import F, Max
from django.template.response import TemplateResponse
from django.urls import reverse

from education.addresses import absolute
from education.languages import translations_of
from education.models import Article, Kind, Language, Revision
from education.models.article import list_url

# With 200, a part took four times the CPU of the whole file of our own articles.
ARTICLES_IN_A_PART = 100


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
        names += ("emergency-numbers", "diary")
        return [f"education:{name}" for name in names] + ["consultations:inquiry-create"]

    def location(self, item):
        return reverse(item)


class ListSitemap(SiteSitemap):
    """The home page and the lists, each with the date of its newest entry. Empty lists exist only in English."""

    def items(self):
        live = Revision.objects.filter(state="published", pk=F("article__live")).order_by()
        # One query for the dates of all lists.
        newest = live.values_list("article__language", "article__kind").annotate(Max("published_at"))
        published = {(language, kind): moment for language, kind, moment in newest}
        pages = [(reverse("education:home"), _newest(published, Language.ENGLISH))]
        for language in Language:
            if language != Language.ENGLISH and (newest := _newest(published, language)):
                pages.append((reverse("education:language-home", args=[language]), newest))
            for kind in (Kind.MECHANISM, Kind.CONDITION, Kind.THERAPY):
                moment = published.get((language, kind))
                if moment or language == Language.ENGLISH:
                    pages.append((list_url(kind, language), moment))
        return pages

    def location(self, page):
        return page[0]

    def lastmod(self, page):
        return page[1]


class ArticleSitemap(SiteSitemap):
    """Every published article, with its translations as alternates."""

    limit = ARTICLES_IN_A_PART

    def __init__(self, rows=None):
        self._rows = rows

    def items(self):
        return public_articles() if self._rows is None else self._rows

    def lastmod(self, article):
        return article.live.published_at

    def get_urls(self, page=1, site=None, protocol=None):
        return [url | {"alternates": _alternates(url["item"])} for url in super().get_urls(page, site, protocol)]


def _newest(published, language):
    return max((moment for (found, _kind), moment in published.items() if found == language), default=None)


def _alternates(article):
    """The same alternates as in the page's head: every language, and the first of them as x-default."""
    pages = [{"location": page["url"], "lang_code": page["language"]} for page in translations_of(article)]
    # x-default is what search engines show to readers of all other languages.
    return [*pages, {"location": pages[0]["location"], "lang_code": "x-default"}] if len(pages) > 1 else []


def public_articles():
    """In an order that a new page does not change: a crawler that reads part after part misses none."""
    articles = Article.objects.published().with_live().with_machine_facts().order_by("pk")
    # A sitemap of thousands of pages must not load their text.
    return articles.only("kind", "slug", "language", "translation_of", "live__published_at")


def sitemap(request):
    """One file with everything, or an index of its parts on a site with more articles than go into one part."""
    articles = list(public_articles()[: ARTICLES_IN_A_PART + 1])
    if len(articles) <= ARTICLES_IN_A_PART:
        return views.sitemap(request, SECTIONS | {"articles": ArticleSitemap(articles)})
    # Not Django's view of an index, which builds addresses from the Host header.
    parts = [SitemapIndexItem(address) for name, section in SECTIONS.items() for address in _parts(name, section())]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")


def sitemap_part(request, section):
    """One section of the index, or with `?p=` a part of it."""
    return views.sitemap(request, SECTIONS, section)


def _parts(name, section):
    address = absolute(reverse("education:sitemap-part", args=[name]))
    # A section whose number of pages is fixed is one part. To count those of another takes a query.
    count = section.paginator.num_pages if name == "articles" else 1
    return [address, *(f"{address}?p={number}" for number in range(2, count + 1))]


SECTIONS = {"lists": ListSitemap, "pages": PageSitemap, "articles": ArticleSitemap}
