"""Translations of a page, and the language of its address and of the words around its text."""

from functools import wraps

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html

from education.addresses import absolute
from education.models import Language
from education.models.article import article_url, language_kwargs


def translations_of(article) -> list[dict]:
    """Every language in which a page can be read, its own included, in the order of Language: English comes first.

    Each entry has the language, its name in itself, the path and the absolute URL. The article must come from a
    QuerySet `with_machine_facts()`, so that this takes no query.
    """
    pages = [*(article.public_original or []), *(article.public_translations or [])]
    found = {page["language"]: page for page in pages}
    # If there are two translations into the same language, each of them lists itself.
    found[article.language] = {"kind": article.kind, "slug": article.slug}
    # In the order of Language, so that all translations list the same alternates in the same order.
    paths = {
        language: article_url(found[language]["kind"], found[language]["slug"], language)
        for language in Language.values
        if language in found
    }
    return [
        {
            "language": language,
            "name": Language(language).label,
            "path": path,
            "url": absolute(path),
            "is_this": language == article.language,
        }
        for language, path in paths.items()
    ]


def structured_data_url(article) -> str:
    """The path of an article's JSON-LD file."""
    return reverse(f"education:{article.kind}-data", kwargs={"slug": article.slug} | language_kwargs(article.language))


def background_url(article) -> str:
    """The path of the page with what an article explains on request: glossary words, reasons for ratings."""
    return reverse(f"education:{article.kind}-more", kwargs={"slug": article.slug} | language_kwargs(article.language))


# Not LocaleMiddleware: it would add Vary: Accept-Language to pages that are the same for everyone (decision 14).
def activate_page_language(view):
    """Decorator for views with a `language`: activates it if the site is translated into it, else the default language.

    settings.LANGUAGES lists the languages with translations. In the others, articles can be read, but the words around
    them are English; base.html marks them as such (WCAG 2.2, success criterion 3.1.2).
    """

    @wraps(view)
    def with_language(request, *args, language=Language.ENGLISH, **kwargs):
        is_translated = language in dict(settings.LANGUAGES)
        with translation.override(language if is_translated else settings.LANGUAGE_CODE):
            return view(request, *args, language=language, **kwargs)

    return with_language


def language_attributes(language) -> dict:
    """Template context with the attributes of words that are not in the page's language; empty if all of them are.

    `words_in` is for paragraphs, and sets their direction too. `words_lang` is for headings, which stay aligned with
    the page.
    """
    active = translation.get_language()
    if language == active:
        return {}
    direction = "rtl" if translation.get_language_bidi() else "ltr"
    return {
        "words_in": format_html(' lang="{}" dir="{}"', active, direction),
        "words_lang": format_html(' lang="{}"', active),
    }


class LanguagePrefix:
    """Path converter: the first part of an address in a language other than English."""

    regex = "|".join(language for language in Language.values if language != Language.ENGLISH)

    def to_python(self, value):
        return Language(value)

    def to_url(self, value):
        return str(value)
