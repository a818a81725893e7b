"""The response to a knowledge request: one object for the JSON form, and the same as an Atom feed (RFC 4287)."""

from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree

from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from education.addresses import absolute, tag_uri
from education.infobutton.knowledge_request import CODE, DISPLAY_NAME, SYSTEM, KnowledgeRequest, primary_subtag
from education.infobutton.matching import matching_articles
from education.models import Article, Certainty, CodeSystem, Effect, EvidenceStatement, Language
from education.xml_text import writable

ATOM = "http://www.w3.org/2005/Atom"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# The short names that MedlinePlus Connect uses in the categories of its feeds.
SHORT_NAMES = {CodeSystem.ICD_10_CM: "ICD10CM", CodeSystem.SNOMED_CT: "SNOMEDCT"}
# Enough to show how certain the evidence is; the page has all statements. Those that warn of harm are always added.
MAIN_STATEMENTS = 5

ElementTree.register_namespace("xsi", XSI)


def feed_for(request: KnowledgeRequest) -> dict:
    """The `feed` object, in the structure of MedlinePlus Connect: a header, and an entry for each matching page.

    A code without a match gives a feed without entries, as MedlinePlus Connect does, and not an error.
    """
    articles = matching_articles(request)
    # The language of the feed is that of its entries; if none is in the wanted language, everything is in English.
    language = request.language if any(page.language == request.language for page in articles) else Language.ENGLISH
    statements = main_statements(articles)
    with translation.override(language):
        subtitle = _("GutSkin: results for %(subject)s") % {"subject": request.subject}
        if note := language_note(request, articles):
            subtitle = f"{subtitle}. {note}"
    return {
        "base": absolute("/"),
        "lang": str(language),
        "xsi": XSI,
        "title": {"type": "text", "_value": "GutSkin"},
        "updated": {"_value": _timestamp(_last_change())},
        "id": {"_value": tag_uri("2026", _address(request))},
        "author": {"name": {"_value": "GutSkin"}, "uri": {"_value": settings.SITE_URL}},
        "subtitle": {"type": "text", "_value": subtitle},
        "category": [
            *_categories(request.codings),
            {"scheme": "informationRecipient", "term": "PAT"},
        ],
        "entry": [_entry(page, statements[page.pk], language) for page in articles],
    }


def language_note(request: KnowledgeRequest, articles) -> str:
    """A sentence on the language of the answer, if it differs from the tag that was sent; otherwise ""."""
    given = {page.language for page in articles} or {Language.ENGLISH}
    if not request.asked_language or given == {primary_subtag(request.asked_language)}:
        return ""
    names = ", ".join(Language(language).label for language in sorted(given))
    return _("Asked for in “%(asked)s”, answered in %(given)s.") % {"asked": request.asked_language, "given": names}


def main_statements(articles) -> dict[int, list[EvidenceStatement]]:
    """Published statements by the id of each article: the most certain ones, and all that warn of harm.

    At most MAIN_STATEMENTS, one for each pair of condition and intervention, besides the harms. Each has `flag`, see
    EvidenceStatementQuerySet.with_flag. One query.
    """
    order = {level: place for place, level in enumerate(Certainty.values)}
    found = {page.pk: [] for page in articles}
    for statement in EvidenceStatement.objects.published().for_articles(articles).with_flag().with_row():
        for pk in {statement.condition_id, statement.therapy_id} & found.keys():
            found[pk].append(statement)
    for pk, statements in found.items():
        statements.sort(key=lambda statement: (order.get(statement.certainty, len(order)), statement.row, statement.pk))
        # Statements are sorted by certainty, so the first one of each pair is the most certain.
        surest = {}
        for statement in statements:
            surest.setdefault((statement.condition_id, statement.intervention_id), statement)
        main = list(surest.values())[:MAIN_STATEMENTS]
        found[pk] = [one for one in statements if one in main or one.effect == Effect.WORSE]
    return found


def _address(request):
    asked = "&".join(
        f"cs{coding.number}={quote(coding.system)}&c{coding.number}={quote(coding.code)}" for coding in request.codings
    )
    return f"/connect/service?{asked}" + (f"&dn={quote(request.name)}" if request.is_by_name else "")


def _categories(codings):
    """What was asked for, under the names of its parameters."""
    return [
        {"scheme": f"{scheme}{coding.number}", "term": term}
        for coding in codings
        for scheme, term in (
            (CODE, coding.code),
            (SYSTEM, SHORT_NAMES.get(coding.system, coding.system)),
            (DISPLAY_NAME, coding.display_name),
        )
    ]


def _entry(page, statements, feed_language):
    revision = page.live
    # Each entry in the language of its page, with an address under that language's prefix.
    with translation.override(page.language):
        url = absolute(page.get_absolute_url())
        summary = render_to_string(
            "education/infobutton/_summary.html",
            {"revision": revision, "source_flag": page.source_flag, "statements": statements, "url": url},
        )
    entry = {
        "title": {"_value": revision.title, "type": "text"},
        "link": [{"href": url, "rel": "alternate", "title": revision.title, "type": "html"}],
        "id": {"_value": tag_uri("2026", page.get_absolute_url())},
        "summary": {"type": "html", "_value": summary.strip()},
        "updated": {"_value": _timestamp(revision.published_at)},
    }
    # Some pages may have no translation, and then say that they are in English.
    if page.language != feed_language:
        entry["lang"] = page.language
    return entry


def _last_change():
    """When any page last changed. A feed without entries needs a date too, and not that of the request."""
    return Article.objects.published().aggregate(last=Max("live__published_at"))["last"] or datetime(
        2026, 1, 1, tzinfo=UTC
    )


def _timestamp(moment):
    """A date in UTC as Atom requires it (RFC 3339)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def atom_feed(feed: dict) -> bytes:
    """The object of `feed_for` as Atom, in UTF-8, with the attributes that Infobutton clients look for."""
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
    """Add an element: `_value` is its text, a dict a child element, and any other value an attribute."""
    element = ElementTree.SubElement(parent, name)
    for key, inner in value.items():
        if isinstance(inner, dict):
            _add(element, key, inner)
        elif key == "_value":
            element.text = writable(inner)
        else:
            element.set(key, inner)
