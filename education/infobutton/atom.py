"""The answer as an Atom feed (RFC 4287), with the attributes that Infobutton clients look for."""

from xml.etree import ElementTree

from education.infobutton.answer import XSI
from education.xml_text import writable

ATOM = "http://www.w3.org/2005/Atom"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
ElementTree.register_namespace("xsi", XSI)


def atom_feed(feed: dict) -> bytes:
    """UTF-8 bytes of the feed that `answer.feed_for` made."""
    root = ElementTree.Element(
        "feed",
        {
            "xmlns": ATOM,
            "xmlns:xsi": XSI,
            f"{{{XML_NAMESPACE}}}base": feed["base"],
            f"{{{XML_NAMESPACE}}}lang": feed["lang"],
        },
    )
    for name in ("title", "subtitle", "author", "updated", "id"):
        _add(root, name, feed[name])
    for category in feed["category"]:
        ElementTree.SubElement(root, "category", _writable(category))
    for entry in feed["entry"]:
        element = ElementTree.SubElement(root, "entry")
        if "lang" in entry:
            element.set(f"{{{XML_NAMESPACE}}}lang", entry["lang"])
        _add(element, "title", entry["title"])
        for link in entry["link"]:
            ElementTree.SubElement(element, "link", _writable(link))
        for name in ("id", "updated", "summary"):
            _add(element, name, entry[name])
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _writable(attributes):
    return {name: writable(value) for name, value in attributes.items()}


def _add(parent, name, value):
    """`_value` is the text of an element, a dict inside it a child, and what is left an attribute."""
    element = ElementTree.SubElement(parent, name)
    for key, inner in value.items():
        if isinstance(inner, dict):
            _add(element, key, inner)
        elif key == "_value":
            element.text = writable(inner)
        else:
            element.set(key, inner)
