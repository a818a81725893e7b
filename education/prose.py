"""What an article's text may consist of: the editor offers it, and everything else is taken out."""

import re

import nh3

# Names of django-prose-editor's extensions. Citation and GlossaryWord are ours: static/js/prose-*.js.
# The model field passes this on to the editor of the admin, so that the editor offers what the cleaner keeps.
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

# Two slashes of either kind: browsers go to another host, people read a page of ours.
OTHER_HOST_IN_DISGUISE = re.compile(r"[/\\]{2}")
# What browsers take out of an address before they read it.
IGNORED_IN_ADDRESSES = re.compile(r"[\x00-\x20]")


def _no_disguise(tag, attribute, value):
    is_disguised = attribute == "href" and OTHER_HOST_IN_DISGUISE.match(IGNORED_IN_ADDRESSES.sub("", value))
    return None if is_disguised else value


CLEANER = nh3.Cleaner(
    tags={"p", "br", "h2", "h3", "ul", "ol", "li", "strong", "em", "blockquote", "a", "cite", "dfn"},
    attributes={"a": {"href"}, "ol": {"start"}, "cite": {"data-ref", "data-locator"}, "dfn": {"data-term"}},
    clean_content_tags={"script", "style"},
    url_schemes={"https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
    attribute_filter=_no_disguise,
)

EMPTY = re.compile(r"^(<p>(<br>)?</p>\s*)*$")


def sanitise(html: str) -> str:
    """The same text with only the tags and attributes above; an empty paragraph counts as nothing."""
    clean = CLEANER.clean(html)
    return "" if EMPTY.match(clean) else clean
