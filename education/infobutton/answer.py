"""The answer as one object, in the words of the JSON form. The XML form says the same as an Atom feed (RFC 4287)."""

from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from education.addresses import absolute, tag_uri
from education.infobutton.knowledge_request import CODE, DISPLAY_NAME, SYSTEM, KnowledgeRequest
from education.infobutton.matching import matching_articles
from education.models import Article, Certainty, CodeSystem, Effect, EvidenceStatement, Language

XSI = "http://www.w3.org/2001/XMLSchema-instance"
SHORT_NAMES = {CodeSystem.ICD_10_CM: "ICD10CM", CodeSystem.SNOMED_CT: "SNOMEDCT"}
# Enough to say how sure anybody is; the page has them all. Whatever makes something worse is said besides.
MAIN_STATEMENTS = 5


def feed_for(request: KnowledgeRequest) -> dict:
    """The `feed` object: a header, and an entry for each page that answers to the code. No match: no entries."""
    articles = matching_articles(request.system, request.code, request.language)
    language = request.language if any(page.language == request.language for page in articles) else Language.ENGLISH
    statements = main_statements(articles)
    with translation.override(language):
        subtitle = _("GutSkin: results for %(system)s %(code)s") % {
            "system": request.system_name,
            "code": request.code,
        }
    return {
        "base": absolute("/"),
        "lang": str(language),
        "xsi": XSI,
        "title": {"type": "text", "_value": "GutSkin"},
        "updated": {"_value": _moment(_last_change())},
        "id": {"_value": tag_uri("2026", f"/connect/service?cs={quote(request.system)}&c={quote(request.code)}")},
        "author": {"name": {"_value": "GutSkin"}, "uri": {"_value": settings.SITE_URL}},
        "subtitle": {"type": "text", "_value": subtitle},
        "category": [
            {"scheme": CODE, "term": request.code},
            {"scheme": SYSTEM, "term": SHORT_NAMES.get(request.system, request.system)},
            {"scheme": DISPLAY_NAME, "term": request.display_name},
            {"scheme": "informationRecipient", "term": "PAT"},
        ],
        "entry": [_entry(page, statements[page.pk], language) for page in articles],
    }


def main_statements(articles) -> dict[int, list[EvidenceStatement]]:
    """By article, its surest published statements, one for each intervention in each condition, and all that do harm.

    With `flag`: see EvidenceStatementQuerySet.with_flag.
    """
    order = {level: place for place, level in enumerate(Certainty.values)}
    found = {page.pk: [] for page in articles}
    for statement in EvidenceStatement.objects.published().for_articles(articles).with_flag():
        for pk in {statement.condition_id, statement.therapy_id} & found.keys():
            found[pk].append(statement)
    for pk, statements in found.items():
        statements.sort(key=lambda statement: (order.get(statement.certainty, len(order)), statement.row, statement.pk))
        surest = {}
        for statement in statements:
            surest.setdefault((statement.condition_id, statement.intervention), statement)
        main = list(surest.values())[:MAIN_STATEMENTS]
        found[pk] = [one for one in statements if one in main or one.effect == Effect.WORSE]
    return found


def _entry(page, statements, feed_language):
    revision = page.live
    with translation.override(page.language):
        url = absolute(page.get_absolute_url())
        summary = render_to_string(
            "education/connect/_summary.html",
            {"revision": revision, "source_flag": page.source_flag, "statements": statements, "url": url},
        )
    entry = {
        "title": {"_value": revision.title, "type": "text"},
        "link": [{"href": url, "rel": "alternate", "title": revision.title, "type": "html"}],
        "id": {"_value": tag_uri("2026", page.get_absolute_url())},
        "summary": {"type": "html", "_value": summary.strip()},
        "updated": {"_value": _moment(revision.published_at)},
    }
    if page.language != feed_language:
        entry["lang"] = page.language
    return entry


def _last_change():
    """When any page last changed, so that an answer without entries has a date that stands still, too."""
    return Article.objects.published().aggregate(last=Max("live__published_at"))["last"] or datetime(
        2026, 1, 1, tzinfo=UTC
    )


def _moment(moment):
    """RFC 3339 in UTC, as Atom wants it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
