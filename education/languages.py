"""The same page in other languages."""

from functools import wraps

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html

from education.addresses import absolute
from education.models import Language
from education.models.article import article_url, language_kwargs


def in_languages(article) -> list[dict]:
    """Where a page can be read, itself among them: language, its own name, path and absolute url. English stands first.

    For an article `with_machine_facts()`.
    """
    found = {page["language"]: page for page in article.public_languages or []}
    # Of two translations into one language, each is its own.
    found[article.language] = {"kind": article.kind, "slug": article.slug}
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
    """Path of an article's JSON-LD."""
    return reverse(f"education:{article.kind}-data", kwargs={"slug": article.slug} | language_kwargs(article.language))


def in_page_language(view):
    """For views of pages with a `language`: the words around the text are in it too, where the site has them in it.

    settings.LANGUAGES says for which languages it does. In the others they stay English, and base.html says so.
    """

    @wraps(view)
    def spoken(request, *args, language=Language.ENGLISH, **kwargs):
        known = language in dict(settings.LANGUAGES)
        with translation.override(language if known else settings.LANGUAGE_CODE):
            return view(request, *args, language=language, **kwargs)

    return spoken


def other_words(language) -> dict:
    """Attributes for whatever on a page is not in its language, since the site has no words in it yet; else nothing.

    `words_in` is for paragraphs, which run their own way. `words_lang` is for headings, which stay on the page's side.
    """
    spoken = translation.get_language()
    if language == spoken:
        return {}
    direction = "rtl" if translation.get_language_bidi() else "ltr"
    return {
        "words_in": format_html(' lang="{}" dir="{}"', spoken, direction),
        "words_lang": format_html(' lang="{}"', spoken),
    }


class LanguagePrefix:
    """The first part of an address in another language than English."""

    regex = "|".join(language for language in Language.values if language != Language.ENGLISH)

    def to_python(self, value):
        return Language(value)

    def to_url(self, value):
        return str(value)
