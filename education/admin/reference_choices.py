"""How a reference is called where one of many is chosen."""

from django.utils.translation import gettext as _

from education.models import ReferenceStatus
from education.references.names import surname

MARKED = {ReferenceStatus.RETRACTED, ReferenceStatus.REJECTED, ReferenceStatus.CORRECTED}


def reference_label(reference) -> str:
    """“Zhao 2025, Gut: The gut-skin axis (zhao2025)”, after what speaks against choosing it."""
    author = surname(reference.authors[0]) if reference.authors else _("No author")
    head = f"{author} {reference.year or _('without a year')}"
    if reference.container_title:
        head = f"{head}, {reference.container_title}"
    return f"{_mark(reference)}{head}: {reference.title or _('without a title')} ({reference.key})"


def _mark(reference):
    if reference.merged_into_id:
        return _("Duplicate of %(key)s") % {"key": reference.merged_into.key} + " – "
    return f"{reference.get_status_display().upper()} – " if reference.status in MARKED else ""
