"""Keeps the leaflets true to the pages: the tender calls `make_missing` every half minute."""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from education.leaflets.document import leaflet_html, source_digest, style_sheet, words_digest
from education.leaflets.pdf import CannotPrint, print_pdf, printer
from education.models import Article, Leaflet

logger = logging.getLogger(__name__)

# What could not be printed is left alone for a while: source digest -> when it may be tried again.
TRY_AGAIN_AFTER = timedelta(hours=1)
_not_before = {}


def make_missing(*, at_most=12, force=False, dry_run=False) -> int:
    """Makes leaflets that are missing or no longer true and removes the others; returns how many it made.

    A dozen at a time takes about half a minute: whoever calls this regularly has other work too. None means all.
    """
    try:
        version = printer()
    except CannotPrint:
        version = ""
    if not dry_run:
        # Those of former revisions are not served either, but they are replaced, not removed.
        Leaflet.objects.filter(article__live__isnull=True).delete()
    made, css = 0, style_sheet()
    for article, html in _live_pages():
        if not version:
            dry_run or _remove_untrue(article, html)
            continue
        kept = dict(article.leaflets.filter(revision=article.live).values_list("format", "source_digest"))
        for format in Leaflet.Format.values:
            digest = source_digest(html, css, format, version)
            if kept.get(format) == digest and not force:
                continue
            if at_most is not None and made >= at_most:
                return made
            made += 1 if dry_run else _make(article, format, digest, html, css)
    return made


def _live_pages():
    """Published articles, the newest first, each as it is when its turn comes, with the HTML of its leaflet."""
    newest_first = Article.objects.published().order_by("-live__published_at", "pk")
    for pk in list(newest_first.values_list("pk", flat=True)):
        article = Article.objects.published().select_related("live__reviewer").filter(pk=pk).first()
        if article is None:
            continue  # withdrawn while the others were printed
        try:
            html = leaflet_html(article)
        except DatabaseError:
            raise
        except Exception:  # a page that cannot be composed must not keep the others from their leaflets
            logger.exception("The leaflets of %s could not be composed", article.slug)
        else:
            yield article, html


def _remove_untrue(article, html):
    """Where nothing can be printed, a leaflet stays only while it says what the page says."""
    article.leaflets.exclude(source_digest__startswith=words_digest(html)).delete()


def _make(article, format, digest, html, css) -> bool:
    if _not_before.get(digest, timezone.now()) > timezone.now():
        return False
    try:
        pdf, pages = print_pdf(html, css, format=format, identifier=digest)
    except Exception:  # whatever a page does to the printer, the other pages get their leaflets
        logger.exception("The leaflet %s of %s could not be printed", format, article.slug)
        _not_before[digest] = timezone.now() + TRY_AGAIN_AFTER
        return False
    with transaction.atomic():
        # Printing takes seconds: meanwhile the page may have been withdrawn or published anew.
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
