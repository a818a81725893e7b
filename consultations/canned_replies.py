"""Canned replies: texts with variables such as `{name}` and `{due}`.

The braces are replaced by a regular expression, not by `str.format` or a template: staff write these texts, and nothing
in them may run as code or reach an attribute.
"""

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
    """Returns the names in braces that are not in VARIABLES, sorted, each once."""
    return sorted({name for name in GAP.findall(text) if name not in VARIABLES})


def unfilled_variables(text: str) -> list[str]:
    """Returns the variables that are still in the text, which is therefore not ready to be sent."""
    return sorted({name for name in GAP.findall(text) if name in VARIABLES})


def values_for(inquiry: Inquiry, user) -> dict[str, str]:
    """Returns a value for each variable that is known. The others are left in the text for the writer to replace."""
    values = {
        "name": _name_of(inquiry),
        "reference": inquiry.reference,
        "clinician": user.get_full_name(),
        "topic": _topic(inquiry),
        "due": date_format(localtime(inquiry.due_at), "DATE_FORMAT"),
        "phone": settings.CLINIC_PHONE,
    }
    # Empty values stay out, so that their variables are left in the text and the reply cannot be sent with a gap.
    return {name: value for name, value in values.items() if value}


def fill(text: str, values: dict[str, str]) -> str:
    """Replaces the variables in one pass, so that a patient whose name is typed as {phone} stays {phone}."""
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def _name_of(inquiry):
    try:
        return inquiry.name
    except EncryptionError:
        return ""


def _topic(inquiry):
    """The published title, which the patient saw: the working copy of the article may have another one."""
    article = inquiry.condition
    if article is None:
        return _("your question")
    return article.live.title if article.live else article.title
