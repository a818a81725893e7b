"""Parts of a page that depend on a few plain values and nothing else: rendered once by each process (decision 45)."""

import re
from dataclasses import fields, is_dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# The statements and references of about a hundred pages, of a kilobyte each.
PARTS = 4_000
INDENTATION = re.compile(r"\n\s+")


@register.simple_tag
def kept(template_name: str, **values) -> SafeString:
    """The template, rendered with these values and nothing else, and without its indentation.

    A part is found again by all of its values, so it is never out of date: with another value it is another part. It
    stays in the process that rendered it, so it never meets a page of another release. A part must not have a <pre> or
    a <textarea>, where indentation is part of the text, and must not read the clock or a setting that may change.
    """
    render = _render_once
    if settings.DEBUG:
        # Authors of a template want to see what they change.
        render = _render_once.__wrapped__
    return render(
        template_name, get_language(), get_script_prefix(), tuple(values), tuple(map(_plain, values.values()))
    )


@lru_cache(maxsize=PARTS)
def _render_once(template_name, _language, _prefix, names, plain_values):
    values = dict(zip(names, (value for value, _types in plain_values), strict=True))
    html = get_template(template_name).render(values)
    return mark_safe(INDENTATION.sub("\n", html))  # noqa: S308  the template has escaped it


def _plain(value):
    """The value with its type: a text that may stand in HTML equals one that may not, and 1 equals True."""
    if isinstance(value, list):
        value = tuple(value)
    if isinstance(value, tuple):
        return value, (type(value), *[_plain(part)[1] for part in value])
    if is_dataclass(value):
        return value, (type(value), *[_plain(getattr(value, field.name))[1] for field in fields(value)])
    if value is not None and not isinstance(value, (str, int)):
        # A model instance would equal an older one with the same primary key.
        raise TypeError(f"A part of a page is kept by plain values, not by {type(value).__name__}.")
    return value, type(value)
