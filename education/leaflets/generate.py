"""Keeps leaflets up to date with their pages. The scheduler calls `make_missing` when `sources_digest` has changed."""

import hashlib
import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import JSONField, TextField
from django.utils import timezone

from education.leaflets.html import MOST_PAGES, documents, source_digest, style_sheet, words_digest
from education.leaflets.pdf import CannotPrint, print_pdf, printer
from education.models import Article, Clinician, EvidenceStatement, Intervention, Leaflet, Reference, Revision

logger = logging.getLogger(__name__)

# Backoff for what could not be printed: source digest -> when to try again. A new process tries at once.
TRY_AGAIN_AFTER = timedelta(hours=1)
# A digest is never removed: there are few, and a new revision has another one.
_not_before = {}


def make_missing(*, at_most=12, force=False, dry_run=False) -> int:
    """Make leaflets that are missing or out of date, and remove those of withdrawn pages; return how many were made.

    At most twelve at a time take about half a minute, so that the scheduler gets on with its other work; `at_most=None`
    means all. If nothing can be printed on this machine, leaflets that are out of date are removed instead. `force`
    prints all again, `dry_run` only counts.
    """
    try:
        version = printer()
    except CannotPrint:
        version = ""
    if not dry_run:
        # Leaflets of previous revisions are not served either, but they are replaced and not removed.
        Leaflet.objects.filter(article__live__isnull=True).delete()
    made, css = 0, {format: style_sheet(format) for format in Leaflet.Format.values}
    for article, variants in _live_pages():
        if not version:
            if not dry_run:
                _remove_outdated(article, variants)
            continue
        existing = dict(article.leaflets.filter(revision=article.live).values_list("format", "source_digest"))
        for format in Leaflet.Format.values:
            digest = source_digest(variants[format], css[format], format, version)
            if existing.get(format) == digest and not force:
                continue
            if at_most is not None and made >= at_most:
                return made
            made += 1 if dry_run else _make(article, format, digest, variants[format], css[format])
    return made


def _live_pages():
    """Published articles, newest first, with the HTML of what is printed of them.

    Each is loaded only when its turn comes, because printing the others takes minutes.
    """
    newest_first = Article.objects.published().order_by("-live__published_at", "pk")
    for pk in list(newest_first.values_list("pk", flat=True)):
        article = Article.objects.published().select_related("live__reviewer").filter(pk=pk).first()
        if article is None:
            continue  # withdrawn while others were being printed
        try:
            variants = documents(article)
        except DatabaseError:
            raise  # every other page would fail in the same way; the scheduler handles it
        except Exception:  # one page that cannot be rendered must not stop the others
            logger.exception("The leaflets of %s could not be rendered", article.slug)
        else:
            yield article, variants


def _remove_outdated(article, variants):
    """On a machine that cannot print, keep only the leaflets that still say what the page says."""
    for format in Leaflet.Format.values:
        outdated = article.leaflets.filter(format=format)
        outdated.exclude(source_digest__startswith=words_digest(variants[format])).delete()


def _make(article, format, digest, variants, css) -> bool:
    if _not_before.get(digest, timezone.now()) > timezone.now():
        return False
    try:
        pdf, pages = print_pdf(variants, css, format=format, identifier=digest, most_pages=MOST_PAGES.get(format))
    except Exception:  # whatever goes wrong in printing one page must not stop the others
        logger.exception("The leaflet %s of %s could not be printed", format, article.slug)
        _not_before[digest] = timezone.now() + TRY_AGAIN_AFTER
        return False
    with transaction.atomic():
        # Printing takes seconds, and the page may since have been withdrawn or published again. With the lock,
        # a leaflet is stored only for the revision that it shows.
        if not Article.objects.select_for_update().filter(pk=article.pk, live=article.live).first():
            return False
        Leaflet.objects.update_or_create(
            article=article,
            format=format,
            defaults={
                "revision": article.live,
                "source_digest": digest,
                "pdf": pdf,
                "pages": pages,
                "made_at": timezone.now(),
            },
        )
    return True


def sources_digest() -> str:
    """A digest that changes whenever a leaflet may be out of date, missing or no longer wanted.

    It covers the data that leaflets are made from, without rendering them; templates, drawings and settings change
    only with a new process. Nine queries, however many pages there are.
    """
    published = Article.objects.published()
    statements = EvidenceStatement.objects.published()
    parts = [
        # A page says that it is past its review date, and this changes at midnight.
        timezone.localdate(),
        _rows(Article, published, leave_out=(JSONField, TextField)),
        # The text of a revision never changes.
        _rows(Revision, Revision.objects.filter(pk__in=published.values("live")), leave_out=(JSONField, TextField)),
        _rows(EvidenceStatement, statements),
        # When we last looked for new papers, and what was found.
        list(statements.with_flag().order_by("pk").values_list("pk", "watched_on", "trial_waits", "watch_found")),
        _rows(EvidenceStatement.references.through),
        _rows(Reference),
        _rows(Clinician),
        # By their names the findings of a whole page are grouped.
        _rows(Intervention),
        list(Leaflet.objects.order_by("pk").values_list("article", "revision", "format", "source_digest")),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _rows(model, rows=None, leave_out=()):
    """All values of the rows, without the columns of these field types."""
    names = [field.attname for field in model._meta.concrete_fields if not isinstance(field, leave_out)]
    rows = model._base_manager.all() if rows is None else rows
    return list(rows.order_by("pk").values_list(*names))
