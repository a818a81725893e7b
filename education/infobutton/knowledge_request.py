"""What a health record asks for, read from the query of its address."""

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from education.models import CodeSystem, Language

SYSTEM = "mainSearchCriteria.v.cs"
CODE = "mainSearchCriteria.v.c"
DISPLAY_NAME = "mainSearchCriteria.v.dn"
LANGUAGE = "informationRecipient.languageCode.c"
RESPONSE_TYPE = "knowledgeResponseType"
CALLBACK = "callback"
# Everything else that the standard knows (taskContext, patientPerson, age …) is accepted and makes no difference here.
USED = (SYSTEM, CODE, DISPLAY_NAME, LANGUAGE, RESPONSE_TYPE, CALLBACK)

XML, JSON, JAVASCRIPT = "text/xml", "application/json", "application/javascript"
SAFE_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,63}")
# Control characters have no place in XML, and a byte that is no UTF-8 arrives as U+FFFD.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


class RequestRefused(Exception):
    """The request cannot be answered; `status` is 400 or 415, the message a sentence for whoever wrote the client."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class KnowledgeRequest:
    """One code of one code system, and how the answer is wanted."""

    system: str
    code: str
    display_name: str = ""
    language: str = Language.ENGLISH
    response_type: str = XML
    callback: str = ""

    @property
    def system_name(self) -> str:
        """What people call the code system; one that we do not know, as it was sent."""
        return CodeSystem(self.system).label if self.system in CodeSystem.values else self.system


def read_request(query: QueryDict) -> KnowledgeRequest:
    """Raises RequestRefused for a missing or repeated parameter and for a form of answer that we do not have."""
    for name in USED:
        if len(query.getlist(name)) > 1:
            raise RequestRefused(
                _("The parameter %(name)s was sent more than once. Ask for one code at a time.") % {"name": name}
            )
    values = {name: UNPRINTABLE.sub("", query.get(name, "")).strip() for name in USED}
    for name in (SYSTEM, CODE):
        if not values[name]:
            raise RequestRefused(_("The parameter %(name)s is missing.") % {"name": name})
    response_type = values[RESPONSE_TYPE] or XML
    if response_type not in {XML, JSON, JAVASCRIPT}:
        raise RequestRefused(
            _("We answer as %(known)s, and not as “%(asked)s”.")
            % {"known": ", ".join((XML, JSON, JAVASCRIPT)), "asked": response_type},
            status=415,
        )
    callback = query.get(CALLBACK, "")
    if response_type == JAVASCRIPT and not SAFE_CALLBACK.fullmatch(callback):
        raise RequestRefused(
            _("The parameter callback has to be the name of a function: letters, digits, _, $ and dots.")
        )
    return KnowledgeRequest(
        system=values[SYSTEM],
        code=values[CODE],
        display_name=values[DISPLAY_NAME],
        language=_language(values[LANGUAGE]),
        response_type=response_type,
        callback=callback,
    )


def _language(tag):
    """“es-MX” is Spanish. A language in which nothing is written here is answered in English."""
    primary = tag.lower().replace("_", "-").partition("-")[0]
    return Language(primary) if primary in Language.values else Language.ENGLISH
