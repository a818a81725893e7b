"""Two references that are one paper: one stays, the other one leads to it."""

import re

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.actions.articles import save_working_copy
from education.actions.history import record
from education.models import Article, EvidenceStatement, Reference
from education.models.reference import FLAGGED
from gutskin.exceptions import ActionRefused

# What a duplicate may hand over to the reference that is kept, where that one says nothing.
HANDED_OVER = [
    "title", "container_title", "publisher", "publisher_place", "edition", "year", "volume", "issue", "page", "doi",
    "pmid", "pmcid", "url", "study_type", "finding", "certainty", "certainty_reason",
]  # fmt: skip


def merge_problems(duplicate: Reference, kept: Reference) -> list[str]:
    """Reasons why one reference cannot become the duplicate of another, as full sentences."""
    if duplicate.pk == kept.pk:
        return [_("A reference is no duplicate of itself. Choose another one.")]
    problems = []
    for reference in (duplicate, kept):
        if reference.merged_into_id:
            problems.append(
                _("%(key)s is already a duplicate, of %(kept)s.")
                % {"key": reference.key, "kept": reference.merged_into.key}
            )
    if (duplicate.status in FLAGGED or kept.status in FLAGGED) and duplicate.status != kept.status:
        problems.append(
            _(
                "%(one)s is marked “%(one_status)s” and %(other)s “%(other_status)s”. If they are the same paper, that "
                "holds for both: give both the same status first."
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
    """What cites the duplicate cites the kept one from now on; frozen revisions keep its key, which leads there."""
    # In the order of their numbers, whichever is merged into which: two people at once wait instead of blocking.
    pks = sorted({duplicate.pk, into.pk})
    locked = {row.pk: row for row in Reference.objects.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk")}
    duplicate, kept = locked[duplicate.pk], locked[into.pk]
    if problems := merge_problems(duplicate, kept):
        raise ActionRefused(*problems)
    # Its own duplicates follow it: nobody has to walk a chain.
    duplicate.duplicates.update(merged_into=kept)
    duplicate.merged_into = kept
    duplicate.save(update_fields=["merged_into"])
    _hand_over(duplicate, kept)
    statements = EvidenceStatement.objects.filter(references=duplicate)
    for statement in statements:
        statement.references.add(kept)
        statement.references.remove(duplicate)
        # Whoever merged had a hand in what a draft cites, as in the articles below.
        statement.contributors.add(by)
        record(statement, by=by, message=_merged_message(duplicate, kept))
    articles = Article.objects.filter(body__contains=f'data-ref="{duplicate.key}"')
    for article in articles:
        article.body = cite_instead(article.body, duplicate.key, kept.key)
        save_working_copy(article, by=by, seen_version=article.version)
        record(article, by=by, message=_merged_message(duplicate, kept))
    record(duplicate, by=by, message=_merged_message(duplicate, kept))
    record(kept, by=by, message=_merged_message(duplicate, kept))
    return kept


def _hand_over(duplicate, kept):
    empty = [
        name
        for name in HANDED_OVER
        if not getattr(kept, name) and getattr(duplicate, name) and name not in duplicate.unconfirmed_fields
    ]
    for name in empty:
        setattr(kept, name, getattr(duplicate, name))
    kept.save(update_fields=empty)


def _merged_message(duplicate, kept):
    return _("Merged %(duplicate)s into %(kept)s.") % {"duplicate": duplicate.key, "kept": kept.key}


def cite_instead(body: str, old: str, new: str) -> str:
    """The text with its citations of one key given another. Two of the same, side by side, become one."""
    text = re.sub(rf'(<cite\b[^>]*\bdata-ref="){re.escape(old)}(")', rf"\g<1>{new}\g<2>", body)
    return re.sub(rf'(<cite data-ref="{re.escape(new)}"></cite>)(?:\s*\1)+', r"\1", text)


def what_a_merge_changes(duplicate: Reference) -> str:
    """For the page that asks whether to go on: how many statements and working copies will cite the other one."""
    statements = EvidenceStatement.objects.filter(references=duplicate).count()
    articles = Article.objects.filter(body__contains=f'data-ref="{duplicate.key}"').count()
    return " ".join(
        [
            ngettext("%(count)s evidence statement cites it.", "%(count)s evidence statements cite it.", statements)
            % {"count": statements},
            ngettext("%(count)s article cites it.", "%(count)s articles cite it.", articles) % {"count": articles},
        ]
    )
