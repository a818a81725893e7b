"""Articles: their lists, their pages, and the same as JSON-LD."""

from functools import cache

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from education.article_page import article_context, background_context
from education.languages import (
    activate_page_language,
    background_url,
    language_attributes,
    structured_data_url,
    translations_of,
)
from education.leaflets.addresses import ready_leaflets
from education.models import Article, Kind, Language
from education.pages import page_context, page_of
from education.rendering import link_glossary_words
from education.structured_data import article_background_page, article_list_page, article_page, as_json, as_script
from education.views.public import public_page
from gutskin.open_data import open_data

ENTRIES_ON_A_PAGE = 16


@public_page(query=["page"])
@activate_page_language
def article_list(request, kind, language=Language.ENGLISH):
    """One query for a short list. In languages other than English, an empty list raises a 404."""
    articles = Article.objects.of_kind(kind).in_language(language)
    return _list_page(request, articles, kind, language, _list_heading(kind), _list_intro(kind))


@public_page(query=["page"])
@activate_page_language
def language_home(request, language):
    """Every page that is published in a language."""
    articles = Article.objects.in_language(language)
    heading = _("Pages in %(language)s") % {"language": Language(language).label}
    intro = _("What can be read on GutSkin in this language: %(language)s.") % {"language": Language(language).label}
    return _list_page(request, articles, "", language, heading, intro)


@public_page
@activate_page_language
def article_detail(request, kind, slug, language=Language.ENGLISH):
    """At most four queries: the page, its evidence, its references and its neighbours."""
    article = _article_with_history(kind, slug, language)
    if not article.is_published:
        return _withdrawn(request, article)
    context = article_context(article, article.live, brief_sources=True)
    context["leaflets"] = ready_leaflets(article)
    context["languages"] = translations_of(article)
    context |= {"page_language": language} | language_attributes(language)
    context["social_picture"] = social_picture(kind)
    # The data itself is in its own file, for the machines that want it: it would be a tenth of each page.
    context["structured_data_url"] = structured_data_url(article)
    # So are definitions and the evidence: they come when a reader wants one (static/js/article.js).
    context["background_url"] = background_url(article)
    context["body_html"] = link_glossary_words(context["body_html"], context["background_url"])
    return render(request, "education/article_detail.html", context)


@open_data
@public_page
@activate_page_language
def article_data(request, kind, slug, language=Language.ENGLISH):
    """The page's structured data as a file."""
    article = _article_with_history(kind, slug, language)
    if not article.is_published:
        return _withdrawn(request, article)
    data = article_page(article_context(article, article.live))
    return HttpResponse(as_json(data), content_type="application/ld+json")


@public_page
@activate_page_language
def article_background(request, kind, slug, language=Language.ENGLISH):
    """The evidence behind an article in numbers, with reasons and sources, and what its words mean."""
    article = _article_with_history(kind, slug, language)
    if not article.is_published:
        return _withdrawn(request, article)
    context = background_context(article) | {"page_language": language} | language_attributes(language)
    context["structured_data"] = as_script(article_background_page(article))
    return render(request, "education/article_background.html", context)


def _list_page(request, articles, kind, language, heading, intro):
    page = page_of(articles.published().as_links(), request, ENTRIES_ON_A_PAGE)
    articles = list(page)
    # English lists are linked from every page, so they exist even when empty.
    if not articles and language != Language.ENGLISH:
        raise Http404
    # request.path has the language prefix, so the canonical address is right in every language.
    data = article_list_page(request.path, heading=heading, intro=intro, articles=articles, language=language)
    return render(
        request,
        "education/article_list.html",
        {
            "kind": kind,
            "heading": heading,
            "intro": intro,
            "articles": articles,
            "page_language": language,
            "social_picture": social_picture(kind) if kind else None,
            "structured_data": as_script(data),
        }
        | page_context(page, request.path)
        | language_attributes(language),
    )


def _article_with_history(kind, slug, language):
    """An article that is or has been published. The kind is part of the address, so another kind is not found."""
    return get_object_or_404(_articles_with_history(), kind=kind, language=language, slug=slug)


# Composing this query takes longer than answering it, and each page asks the same about another row.
@cache
def _articles_with_history():
    """With everything that the head of the page needs, in one query."""
    pages = Article.objects.with_history().select_related("live__reviewer")
    return pages.with_leaflets().with_machine_facts()


def _withdrawn(request, article):
    """Other pages may still link here. 410 tells people and search engines that the page was removed on purpose."""
    return render(request, "education/withdrawn.html", {"article": article}, status=410)


def _list_heading(kind):
    return {
        Kind.MECHANISM: _("How gut and skin affect each other"),
        Kind.CONDITION: _("Skin conditions and the gut"),
        Kind.THERAPY: _("Treatments and habits"),
    }[Kind(kind)]


def _list_intro(kind):
    return {
        Kind.MECHANISM: _("How gut and skin may affect each other, and how sure anybody can be."),
        Kind.CONDITION: _("What is known about the gut in skin conditions, and what is not."),
        Kind.THERAPY: _("What trials really found about treatments that work on gut microbes, or spare them."),
    }[Kind(kind)]


def social_picture(kind) -> dict:
    """The picture (og:image) that messages and social networks show with a link: 1200 × 630 px, and the words on it.

    docs/pictures/social/ has the drawings.
    """
    words = {
        Kind.OVERVIEW: _("GutSkin: what is the gut–skin axis?"),
        Kind.MECHANISM: _("GutSkin: how gut and skin talk"),
        Kind.CONDITION: _("GutSkin: your skin and your gut"),
        Kind.THERAPY: _("GutSkin: what may help, and how surely"),
    }
    return {"file": f"img/social-{Kind(kind).value}.png", "words": words[Kind(kind)]}
