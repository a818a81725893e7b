from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from education.models import Article


class SiteSitemap(Sitemap):
    """Addresses are built from SITE_URL, never from what a request claims to be."""

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(SiteSitemap):
    def items(self):
        names = ("home", "mechanism-list", "condition-list", "therapy-list", "evidence", "glossary", "reference-list",
                 "experts", "about", "privacy", "accessibility")  # fmt: skip
        return [f"education:{name}" for name in names] + ["consultations:inquiry-create"]

    def location(self, item):
        return reverse(item)


class ArticleSitemap(SiteSitemap):
    def items(self):
        return Article.objects.published().with_live()

    def lastmod(self, article):
        return article.live.published_at


sitemaps = {"pages": PageSitemap, "articles": ArticleSitemap}
