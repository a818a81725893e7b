"""What leaflets are made of, as one digest: whether anything they print may have changed, without composing them.

A template, a style sheet or a setting changes only with a new process.
"""

import hashlib

from django.db.models import JSONField, TextField
from django.utils import timezone

from education.models import Article, Clinician, EvidenceStatement, Leaflet, Reference, Revision


def sources_digest() -> str:
    """Another one whenever a leaflet might say something else, go, or be missing; seven queries, however many pages."""
    published = Article.objects.published()
    parts = [
        # Overdue pages say so, and that begins with a day.
        timezone.localdate(),
        _rows(Article, published, leave_out=(JSONField, TextField)),
        # The text of a revision never changes.
        _rows(Revision, Revision.objects.filter(pk__in=published.values("live")), leave_out=(JSONField, TextField)),
        _rows(EvidenceStatement, EvidenceStatement.objects.published()),
        _rows(EvidenceStatement.references.through),
        _rows(Reference),
        _rows(Clinician),
        list(Leaflet.objects.order_by("pk").values_list("article", "revision", "format", "source_digest")),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _rows(model, rows=None, leave_out=()):
    """All that the rows hold, but for columns of these kinds."""
    names = [field.attname for field in model._meta.concrete_fields if not isinstance(field, leave_out)]
    rows = model._base_manager.all() if rows is None else rows
    return list(rows.order_by("pk").values_list(*names))
