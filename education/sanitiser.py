"""The HTML that an article's text may contain: the editor offers exactly this, and everything else is removed."""

import re
from collections import Counter

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from education.xml_text import with_raised_digits
from gutskin import limits

# Names of django-prose-editor's extensions. Citation and GlossaryWord are ours: static/js/prose-*.js.
# The model field passes this to the editor in admin, so that the editor offers only what the cleaner keeps.
EDITOR_EXTENSIONS = {
    "Document": True,
    "Paragraph": True,
    "Text": True,
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["https", "mailto", "tel"]},
    "Citation": True,
    "GlossaryWord": True,
    "History": True,
}

# Two slashes of either kind lead browsers to another host, although the address looks like one of our pages.
PROTOCOL_RELATIVE = re.compile(r"[/\\]{2}")
# Characters that browsers remove from an address before they parse it.
IGNORED_IN_ADDRESSES = re.compile(r"[\x00-\x20]")


def _without_other_hosts(tag, attribute, value):
    leads_elsewhere = attribute == "href" and PROTOCOL_RELATIVE.match(IGNORED_IN_ADDRESSES.sub("", value))
    return None if leads_elsewhere else value


CLEANER = nh3.Cleaner(
    tags={"p", "br", "h2", "h3", "ul", "ol", "li", "strong", "em", "blockquote", "a", "cite", "dfn"},
    attributes={"a": {"href"}, "ol": {"start"}, "cite": {"data-ref", "data-locator"}, "dfn": {"data-term"}},
    # Tags that are not allowed lose only the tag; of these, the content is removed too.
    clean_content_tags={"script", "style"},
    url_schemes={"https", "mailto", "tel"},
    # Links cannot open a new window here, so they need no rel="noopener", which nh3 would add.
    link_rel=None,
    strip_comments=True,
    attribute_filter=_without_other_hosts,
)

# What the editor sends for an empty text.
EMPTY = re.compile(r"^(<p>(<br>)?</p>\s*)*$")


TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements without an end tag (HTML, section 13.1.2).
VOID = set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


def sanitise(html: str) -> str:
    """The same text with only the tags and attributes above; empty if nothing but empty paragraphs is left.

    Raises ValidationError for a text that would take a parser long, since its time grows with the square of the depth.
    """
    if problem := size_problem(html):
        raise ValidationError(problem)
    clean = CLEANER.clean(with_raised_digits(html))
    # Escaping can make a text five times as long.
    if problem := size_problem(clean):
        raise ValidationError(problem)
    return "" if EMPTY.match(clean) else clean


def size_problem(html: str) -> str:
    """Why this text is too much to be parsed, as a sentence; empty if it is not. Reads it once, without a parser."""
    if len(html) > limits.CHECKED_ARTICLE_CHARACTERS:
        return _("The text is much too long for a page. Please divide it.")
    if _deepest(html) > limits.MOST_NESTED_ELEMENTS:
        return _("The text has too many elements inside one another. Please paste it without formatting.")
    return ""


def _deepest(html):
    """The most elements that are open at once, counted by name: close enough, and never less than in a tidy text."""
    opened = Counter()
    depth = deepest = 0
    for slash, name in TAG.findall(html):
        name = name.lower()
        if not slash and name not in VOID:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif slash and opened[name]:
            opened[name] -= 1
            depth -= 1
    return deepest
