"""The HTML that an article's text may contain: the editor offers exactly this, and everything else is removed."""

import re

import nh3

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


def sanitise(html: str) -> str:
    """The same text with only the tags and attributes above; empty if nothing but empty paragraphs is left."""
    clean = CLEANER.clean(html)
    return "" if EMPTY.match(clean) else clean
