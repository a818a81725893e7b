"""Two records of the same paper: one is kept, and the other becomes its duplicate and leads to it."""

import re

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.actions.articles import save_working_copy
from education.actions.publication import log_change
from education.models import Article, EvidenceNumber, EvidenceStatement, Reference
from education.models.reference import FLAGGED
from gutskin.exceptions import ActionRefused

# Fields that are copied from the duplicate where the reference that is kept has none.
COPIED_FIELDS = [
    "title", "container_title", "publisher", "publisher_place", "edition", "year", "volume", "issue", "page", "doi",
    "pmid", "pmcid", "url", "study_type", "finding", "certainty", "certainty_reason",
]  # fmt: skip


def merge_problems(duplicate: Reference, kept: Reference) -> list[str]:
    """Reasons why one reference cannot become the duplicate of another, as full sentences."""
    if duplicate.pk == kept.pk:
        return [_("A reference cannot be merged into itself. Choose another one.")]
    problems = []
    for reference in (duplicate, kept):
        if reference.merged_into_id:
            problems.append(
                _("%(key)s is already a duplicate, of %(kept)s.")
                % {"key": reference.key, "kept": reference.merged_into.key}
            )
    # Otherwise a merge could make a retracted paper citable again, or the other way round.
    if (duplicate.status in FLAGGED or kept.status in FLAGGED) and duplicate.status != kept.status:
        problems.append(
            _(
                "%(one)s is marked “%(one_status)s” and %(other)s “%(other_status)s”. If they are the same paper, both "
                "need the same status: change one of them first."
            )
            % {
                "one": duplicate.key,
                "one_status": duplicate.get_status_display(),
                "other": kept.key,
                "other_status": kept.get_status_display(),
            }
        )
    return problems


@transaction.atomic
def merge_references(duplicate: Reference, *, into: Reference, by) -> Reference:
    """Makes statements and working copies that cite the duplicate cite `into` instead, and returns that reference.

    Frozen revisions are not changed: they keep the old key, which leads to the same record. Raises ActionRefused with
    the reasons of merge_problems().
    """
    # Locked in the order of their keys, whichever is merged into which: otherwise two merges could deadlock.
    pks = sorted({duplicate.pk, into.pk})
    locked = {row.pk: row for row in Reference.objects.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk")}
    duplicate, kept = locked[duplicate.pk], locked[into.pk]
    if problems := merge_problems(duplicate, kept):
        raise ActionRefused(*problems)
    # Its own duplicates move with it, so that a lookup never has to follow a chain.
    duplicate.duplicates.update(merged_into=kept)
    duplicate.merged_into = kept
    duplicate.save(update_fields=["merged_into"])
    _copy_missing_fields(duplicate, kept)
    statements = EvidenceStatement.objects.filter(references=duplicate)
    for statement in statements:
        statement.references.add(kept)
        statement.references.remove(duplicate)
        # Merging changes what a draft cites, so it makes a contributor, as in the articles below.
        statement.contributors.add(by)
        log_change(statement, by=by, message=_merged_message(duplicate, kept))
    # What readers see of a number names the old key, which leads to the same record.
    EvidenceNumber.objects.filter(source=duplicate).update(source=kept)
    # With both quotation marks, so that a longer key that begins with this one does not match.
    articles = Article.objects.filter(body__contains=f'data-ref="{duplicate.key}"')
    for article in articles:
        article.body = replace_citation(article.body, duplicate.key, kept.key)
        # Saved like an edit: an author with the form open is told, and the person who merged becomes a contributor.
        save_working_copy(article, by=by, seen_version=article.version)
        log_change(article, by=by, message=_merged_message(duplicate, kept))
    log_change(duplicate, by=by, message=_merged_message(duplicate, kept))
    log_change(kept, by=by, message=_merged_message(duplicate, kept))
    return kept


def _copy_missing_fields(duplicate, kept):
    # What is still to be confirmed in the duplicate must not enter a record that may be confirmed.
    empty = [
        name
        for name in COPIED_FIELDS
        if not getattr(kept, name) and getattr(duplicate, name) and name not in duplicate.unconfirmed_fields
    ]
    for name in empty:
        setattr(kept, name, getattr(duplicate, name))
    kept.save(update_fields=empty)


def _merged_message(duplicate, kept):
    return _("Merged %(duplicate)s into %(kept)s.") % {"duplicate": duplicate.key, "kept": kept.key}


def replace_citation(body: str, old: str, new: str) -> str:
    """The body with citations of `old` turned into citations of `new`. Two like ones, side by side, become one."""
    text = re.sub(rf'(<cite\b[^>]*\bdata-ref="){re.escape(old)}(")', rf"\g<1>{new}\g<2>", body)
    return re.sub(rf'(<cite data-ref="{re.escape(new)}"></cite>)(?:\s*\1)+', r"\1", text)


def describe_merge(duplicate: Reference) -> str:
    """How many statements and published articles cite it, for the page that asks for confirmation. Two queries."""
    statements = EvidenceStatement.objects.filter(references=duplicate).count()
    # Of the pages that readers see: to look through all working copies takes as long as merging.
    articles = Article.objects.published().filter(live__in=duplicate.revisions.all()).count()
    return " ".join(
        [
            ngettext("%(count)s evidence statement cites it.", "%(count)s evidence statements cite it.", statements)
            % {"count": statements},
            ngettext("%(count)s published article cites it.", "%(count)s published articles cite it.", articles)
            % {"count": articles},
        ]
    )
