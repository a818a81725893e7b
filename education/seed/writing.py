"""Writes the seed content to the database: adds what is missing, updates what no one has edited.

Each row keeps the digest of what was loaded into it. While its current values still match, no one has edited it.
"""

import logging
from collections import Counter, defaultdict

from django.db import transaction

from education import search
from education.actions import ActionRefused, publish_awaiting_review
from education.actions.articles import freeze
from education.models import (
    Article,
    CareCard,
    ClinicalCode,
    CodeSystem,
    EvidenceStatement,
    GlossaryTerm,
    Reference,
    ReferenceStatus,
    ReferenceType,
    SynonymGroup,
)
from education.search import synonyms
from education.seed.files import Content
from education.seed.outcomes import ADDED, KEPT, REFUSED, UNCHANGED, UNCITED, UPDATED, digest, outcome_of
from education.seed.statements import write_interventions, write_statements

logger = logging.getLogger(__name__)

REFERENCE_FIELDS = (
    "authors", "et_al", "title", "container_title", "year", "volume", "issue", "page", "doi", "pmid", "pmcid", "url",
    "study_type", "finding", "certainty", "certainty_reason", "unconfirmed_fields", "status", "status_reason",
    "type",
)  # fmt: skip
TERM_FIELDS = ("term", "also", "definition")
ARTICLE_FIELDS = ("kind", "title", "summary", "key_points", "actions", "body", "questions", "conflicts_of_interest")
CODE_SYSTEMS = {"icd-10-cm": CodeSystem.ICD_10_CM, "snomed-ct": CodeSystem.SNOMED_CT}


@transaction.atomic
def write_content(content: Content) -> dict[str, Counter]:
    """Writes all content in one transaction. Returns, for each kind of record, counts by outcome."""
    known = Reference.objects.in_bulk(field_name="key")
    cited = {record["key"] for record in content.cited_references()}
    # What nothing cites would be a source without a use. Stored ones stay, and are corrected like the others: texts
    # that clinicians wrote may cite them.
    references = [record for record in content.references if record["key"] in cited or record["key"] in known]
    left_out = len(content.references) - len(references)
    references += [record | {"status": ReferenceStatus.REJECTED} for record in content.rejected_references]
    references = [_reference_record(record) for record in references]
    # References and terms first: articles cite and explain with them. Codes and statements last: they name articles.
    terms = {term.slug: term for term in GlossaryTerm.objects.filter(language="en")}
    counts = {
        "references": Counter(_write_reference(record, known.get(record["key"])) for record in references),
        "glossary terms": Counter(_write_term(record, terms.get(record["slug"])) for record in content.glossary),
        "articles": _write_articles(content.articles),
    }
    if left_out:
        counts["references"][UNCITED] = left_out
    articles = {article.slug: article for article in Article.objects.in_language("en")}
    _link_terms(content.glossary, articles)
    counts["clinical codes"] = Counter(_write_code(record, articles) for record in content.codes)
    counts["interventions"] = write_interventions(content.interventions, articles)
    counts["evidence statements"] = write_statements(content.statements, articles)
    for statement in EvidenceStatement.objects.published().filter(searchdocument=None).select_related("condition"):
        # Statements that were loaded before search covered statements.
        search.index_statement(statement)
    counts["search synonyms"] = _write_synonyms(content.synonyms)
    return counts


def _write_reference(wanted, reference):
    key = wanted["key"]
    current = reference and {"key": key} | {name: getattr(reference, name) for name in REFERENCE_FIELDS}
    outcome = outcome_of(reference, current, wanted)
    if outcome in {ADDED, UPDATED}:
        Reference.objects.update_or_create(key=key, defaults=wanted | {"loaded_digest": digest(wanted)})
    return outcome


# Every field is filled, so that the digest does not depend on which ones the file leaves out.
def _reference_record(record):
    empty = {name: "" for name in REFERENCE_FIELDS} | {
        "type": ReferenceType.ARTICLE.value,
        "authors": [],
        "et_al": False,
        "year": None,
        "unconfirmed_fields": [],
        "status": ReferenceStatus.UNCHECKED.value,
    }
    return empty | record


def _write_term(record, term):
    wanted = {name: record[name] for name in TERM_FIELDS}
    outcome = outcome_of(term, term and {name: getattr(term, name) for name in TERM_FIELDS}, wanted)
    if outcome in {ADDED, UPDATED}:
        term, _ = GlossaryTerm.objects.update_or_create(
            language="en", slug=record["slug"], defaults=wanted | {"loaded_digest": digest(wanted)}
        )
        search.index_term(term)
    return outcome


def _link_terms(glossary, articles):
    """Links terms to the articles that explain them, once those are stored. A link set by hand is kept."""
    slugs = defaultdict(list)
    for record in glossary:
        if record.get("article"):
            slugs[record["article"]].append(record["slug"])
    for article, of_its_terms in slugs.items():
        terms = GlossaryTerm.objects.filter(language="en", slug__in=of_its_terms, article__isnull=True)
        terms.update(article=articles[article])


def _write_articles(records):
    """Stores all working copies first, so that they can refer to each other, and then publishes those that changed."""
    counts, changed = Counter(), []
    outcomes = {}
    for record in records:
        article = Article.objects.filter(language="en", slug=record["slug"]).first()
        outcomes[record["slug"]] = outcome_of(article, article and article_record(article), _stored(record))
        if outcomes[record["slug"]] in {ADDED, UPDATED}:
            values = {name: record[name] for name in ARTICLE_FIELDS} | {"loaded_digest": digest(_stored(record))}
            if article:
                # A new version, so that a user who has the form open is told that the text has changed.
                values["version"] = article.version + 1
            article, _ = Article.objects.update_or_create(language="en", slug=record["slug"], defaults=values)
            changed.append((article, record))
        counts[outcomes[record["slug"]]] += 1
    for article, record in changed:
        article.related.set(Article.objects.filter(language="en", slug__in=record["related"]))
        article.care_cards.all().delete()
        CareCard.objects.bulk_create(CareCard(article=article, **card) for card in record["care_cards"])
    for article, _record in changed:
        if not _publish(article):
            counts[outcomes[article.slug]] -= 1
            counts[REFUSED] += 1
    # Unary plus drops the counts that have become zero.
    return +counts


def _publish(article):
    """Publishes the working copy, unless clinicians have approved or withdrawn the page, or are working on a revision.

    False if a source has been flagged on this site, so that the page must not be published: its working copy waits.
    """
    under_way = article.revisions.under_way().exists()
    withdrawn = article.live is None and article.revisions.exists()
    reviewed = article.live is not None and article.live.is_reviewed
    if under_way or withdrawn or reviewed:
        return True
    try:
        # A savepoint: a refused page undoes its own revision only, not the whole load.
        with transaction.atomic():
            publish_awaiting_review(freeze(article))
    except ActionRefused as refusal:
        logger.warning("%s is not published: %s", article.slug, refusal)
        return False
    return True


def article_record(article):
    """The values of a stored article from which its digest is computed."""
    return {name: getattr(article, name) for name in ARTICLE_FIELDS} | {
        "related": sorted(article.related.values_list("slug", flat=True)),
        "care_cards": list(article.care_cards.values("level", "heading", "items", "advice")),
    }


def _stored(record):
    return {name: record[name] for name in (*ARTICLE_FIELDS, "related", "care_cards")}


def _write_code(record, articles):
    """Adds a code that is missing. Existing codes are never updated: clinicians have the last word on them."""
    _, created = ClinicalCode.objects.get_or_create(
        article=articles[record["condition"]],
        system=CODE_SYSTEMS[record["system"]],
        code=record["code"],
        defaults={
            "display": record["display"],
            "descendants": record["descendants"],
            "excluded": record["excluded"],
            "is_confirmed": record["confirmed"],
            "note": record["note"],
        },
    )
    return ADDED if created else UNCHANGED


def _write_synonyms(records):
    groups = defaultdict(list)
    for group in SynonymGroup.objects.all():
        groups[group.language].append(group)
    return Counter(_write_group(record, groups[record["language"]]) for record in records)


def _write_group(record, groups):
    """A group has no key of its own: it is the one loaded from this line, or else one that shares a word with it.

    `groups` are those of the language; a new one is added to them.
    """
    language, names = record["language"], record["names"]
    wanted = {"names": "\n".join(names)}
    loaded = digest(wanted)
    same = [group for group in groups if group.loaded_digest == loaded]
    same = same or synonyms.groups_that_share_a_name(names, language, groups)
    if len(same) > 1:
        # Only a clinician could have split or rearranged the groups: leave them.
        return KEPT
    group = same[0] if same else None
    outcome = outcome_of(group, group and {"names": group.names}, wanted)
    if outcome in {ADDED, UPDATED}:
        written, _ = SynonymGroup.objects.update_or_create(
            pk=group and group.pk, defaults=wanted | {"language": language, "loaded_digest": loaded}
        )
        if group:
            groups.remove(group)
        groups.append(written)
    return outcome
