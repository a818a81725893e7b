"""Canned replies are texts with gaps: `{name}`, `{due}`. A gap is filled or left as it is; nothing in it is code."""

import re

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry
from gutskin.encryption.cipher import EncryptionError

GAP = re.compile(r"\{([^{}\n]*)\}")
VARIABLES = {
    "name": _lazy("the patient's name"),
    "reference": _lazy("the reference of the request"),
    "clinician": _lazy("your name"),
    "topic": _lazy("what the request is about"),
    "due": _lazy("the day by which a reply is due"),
    "phone": _lazy("the clinic's phone number"),
}


def unknown_variables(text: str) -> list[str]:
    """What stands in braces and is no variable of ours, each once."""
    return sorted({name for name in GAP.findall(text) if name not in VARIABLES})


def unfilled_variables(text: str) -> list[str]:
    """Variables that nothing was put in for: a text with one of them is not ready to be sent."""
    return sorted({name for name in GAP.findall(text) if name in VARIABLES})


def values_for(inquiry: Inquiry, user) -> dict[str, str]:
    """For the variables, as far as they are known. What is not known is left for the writer to fill in."""
    values = {
        "name": _opened(inquiry),
        "reference": inquiry.reference,
        "clinician": user.get_full_name(),
        "topic": _topic(inquiry),
        "due": date_format(localtime(inquiry.due_at), "DATE_FORMAT"),
        "phone": settings.CLINIC_PHONE,
    }
    return {name: value for name, value in values.items() if value}


def fill(text: str, values: dict[str, str]) -> str:
    """In one pass: a patient who calls herself {phone} stays {phone}."""
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def _opened(inquiry):
    try:
        return inquiry.name
    except EncryptionError:
        return ""


def _topic(inquiry):
    """As readers know it: the working copy of an article may have another title meanwhile."""
    article = inquiry.condition
    if article is None:
        return _("your question")
    return article.live.title if article.live else article.title
