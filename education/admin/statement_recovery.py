"""What an author typed into a draft that was approved before the form came back."""

import re

from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.admin.confirmation import change_page
from education.models import EvidenceNumber, EvidenceStatement
from gutskin.form_recovery import not_sent_page

APPROVED = _lazy(
    "A reviewer approved this statement after you opened it, so it can no longer be edited. Copy your text from here "
    "into a new draft."
)


def approved_page(request, statement):
    """A page with the texts of the POST that differ from what is stored, and the way to a new draft."""
    # It may have been replaced since.
    published = EvidenceStatement.objects.published().filter(slug=statement.slug, language=statement.language).first()
    link = reverse("admin:education_evidencestatement_revise", args=[published.pk]) if published else None
    return not_sent_page(
        request,
        APPROVED,
        texts=_typed(request.POST, statement),
        other_fields=[],
        status=409,
        link=link or change_page(statement),
        link_text=_lazy("Start a new draft (opens in a new tab)") if link else _lazy("Open the statement"),
        offers_to_send=False,
    )


def _typed(posted, statement):
    """Labels by the names of the fields. Rows that are chosen, such as references, are not texts."""
    numbers = {str(number.pk): number for number in statement.numbers.all()}
    texts = {}
    for name, value in posted.items():
        prefix, _dash, field_name = name.rpartition("-")
        if prefix and not re.fullmatch(r"numbers-[0-9]{1,6}", prefix):
            continue
        model = EvidenceNumber if prefix else EvidenceStatement
        stored = numbers.get(posted.get(f"{prefix}-id")) if prefix else statement
        field = _text_field(model, field_name)
        if field and _words(value) != _words(getattr(stored, field_name, "")):
            texts[name] = _label(field, prefix)
    return texts


def _label(field, prefix):
    if not prefix:
        return capfirst(field.verbose_name)
    place = prefix.rpartition("-")[2]
    return _("Number %(place)s: %(label)s") % {"place": int(place) + 1, "label": field.verbose_name}


def _text_field(model, name):
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    is_text = field.concrete and field.editable and not field.is_relation and not field.primary_key
    return field if is_text and field.get_internal_type() != "BooleanField" else None


def _words(value):
    return [] if value is None else str(value).split()
