"""Do the links to our own pages lead somewhere?"""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from education.anchors import STATEMENT
from education.article_checks.finding import Finding
from education.models import Article, EvidenceStatement, GlossaryTerm, Reference

# Anchors that the article template gives every page.
TEMPLATE_ANCHORS = "part-"


def findings(article, addresses, own_anchors):
    """Findings about `addresses`, as written in the text. `own_anchors` are the ids of headings in the same text."""
    links = [_Link(address) for address in dict.fromkeys(addresses)]
    targets = _Targets(article, [link for link in links if link.is_ours], own_anchors)
    broken = [f"{link.address}: {reason}" for link in links if link.is_ours and (reason := targets.problem(link))]
    if broken:
        yield Finding("links", _("These links lead nowhere."), broken)


class _Link:
    """A parsed address, with the page of this site that it names, if any."""

    def __init__(self, address):
        self.address = address
        try:
            parts = urlsplit(address)
        except ValueError:
            # For example “https://[”, which no browser would follow either.
            self.path, self.anchor, self.is_ours = address, "", True
        else:
            # PostgreSQL refuses a NUL byte in a query; no slug or key has one, so any other character will do.
            self.path, self.anchor = (unquote(part).replace("\0", "�") for part in (parts.path, parts.fragment))
            # An absolute address of this site counts as ours too; authors paste them from the browser.
            self.is_ours = not parts.scheme or parts.netloc == urlsplit(settings.SITE_URL).netloc
        # Links to other sites are not followed: the panel must answer at once.
        self.page = _page_at(self.path) if self.is_ours and self.path else None
        self.slug = self.page.kwargs.get("slug") if self.page else None
        self.kind = self.page.kwargs.get("kind") if self.page else None
        self.key = self.page.kwargs.get("key") if self.page else None
        name = self.page.url_name if self.page else ""
        self.word = {"glossary": self.anchor, "glossary-term": self.slug}.get(name, "")
        self.statement = self.slug if name == "evidence-statement" else ""
        if name == "evidence" and self.anchor.startswith(STATEMENT):
            self.statement = self.anchor.removeprefix(STATEMENT)


def _page_at(path):
    """The page at a path. A missing slash at the end is no mistake, since Django adds it."""
    for candidate in (path, f"{path}/"):
        try:
            return resolve(candidate)
        except Resolver404:
            continue
    return None


class _Targets:
    """Everything that the links of one text could lead to. Four queries, however many links there are."""

    def __init__(self, article, links, own_anchors):
        self.article = article
        self.own_anchors = own_anchors
        slugs = {link.slug for link in links if link.slug and link.kind}
        pages = Article.objects.in_language(article.language).filter(slug__in=slugs).select_related("live")
        self.pages = {(page.kind, page.slug): page for page in pages}
        keys = {link.key for link in links if link.key}
        # A rejected reference has no public page.
        self.keys = set(Reference.objects.filter(key__in=keys).exclude(status="rejected").values_list("key", flat=True))
        words = {link.word for link in links if link.word}
        terms = GlossaryTerm.objects.filter(language=article.language, slug__in=words)
        self.words = set(terms.values_list("slug", flat=True))
        slugs = {link.statement for link in links if link.statement}
        statements = EvidenceStatement.objects.published().in_language("en").filter(slug__in=slugs)
        self.statements = set(statements.values_list("slug", flat=True))

    def problem(self, link):
        """Why the link leads nowhere; empty if it leads somewhere."""
        if not link.path:
            return self._anchor_problem(link, self.own_anchors)
        if link.page is None:
            return _("there is no such page.")
        if link.kind and link.slug:
            return self._article_problem(link)
        if link.key and link.key not in self.keys:
            return _("there is no such reference.")
        if link.word and link.word not in self.words:
            return _("the glossary has no such word.")
        if link.statement and link.statement not in self.statements:
            return _("there is no such statement.")
        return ""

    def _article_problem(self, link):
        if (link.kind, link.slug) == (self.article.kind, self.article.slug):
            return self._anchor_problem(link, self.own_anchors)
        page = self.pages.get((link.kind, link.slug))
        if page is None:
            return _("there is no such page.")
        if page.live is None:
            return _("that page is not published.")
        return self._anchor_problem(link, {heading["id"] for heading in page.live.contents})

    @staticmethod
    def _anchor_problem(link, anchors):
        if not link.anchor or link.anchor in anchors or link.anchor.startswith(TEMPLATE_ANCHORS):
            return ""
        return _("the page has no section with that name.")
