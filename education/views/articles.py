from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from education.article_page import article_context
from education.models import Article, Kind
from education.views.public import public_page


@public_page
def article_list(request, kind):
    articles = Article.objects.published().of_kind(kind).in_language("en").with_live()
    return render(
        request,
        "education/article_list.html",
        {"kind": kind, "heading": _list_heading(kind), "intro": _list_intro(kind), "articles": articles},
    )


@public_page
def article_detail(request, kind, slug):
    """At most four queries: the page, its evidence, its references, its neighbours."""
    pages = Article.objects.of_kind(kind).in_language("en").with_history()
    article = get_object_or_404(pages.select_related("live__reviewer"), slug=slug)
    if not article.is_published:
        # Other pages may still link here: 410 tells people and search engines that it was taken down on purpose.
        return render(request, "education/withdrawn.html", {"article": article}, status=410)
    return render(request, "education/article_detail.html", article_context(article, article.live))


def _list_heading(kind):
    return {
        Kind.MECHANISM: _("How gut and skin affect each other"),
        Kind.CONDITION: _("Skin conditions and the gut"),
        Kind.THERAPY: _("Treatments and habits"),
    }[Kind(kind)]


def _list_intro(kind):
    return {
        Kind.MECHANISM: _("Four ways in which gut and skin may affect each other, and how sure anybody can be."),
        Kind.CONDITION: _("What is known about the gut in four common skin conditions, and what is not."),
        Kind.THERAPY: _("What trials really found about treatments that work on gut microbes, or spare them."),
    }[Kind(kind)]
