"""The knowledge request of a health record, parsed from the query string (HL7 Infobutton, URL-based)."""

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
# All other parameters of the standard (taskContext, patientPerson, age …) are accepted and ignored.
USED = (SYSTEM, CODE, DISPLAY_NAME, LANGUAGE, RESPONSE_TYPE, CALLBACK)

XML, JSON, JAVASCRIPT = "text/xml", "application/json", "application/javascript"
# The callback is written into a script, so nothing may pass that could be more than a name.
SAFE_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,63}")
# XML 1.0 cannot contain control characters. (Bytes that are not UTF-8 arrive as U+FFFD, which it can.)
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


class RequestRefused(Exception):
    """The request cannot be answered. `status` is 400 or 415; the message is for the developer of the client."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class KnowledgeRequest:
    """One code of one code system, and the wanted form of the response."""

    system: str
    code: str
    display_name: str = ""
    language: str = Language.ENGLISH
    response_type: str = XML
    callback: str = ""

    @property
    def system_name(self) -> str:
        """The name of the code system; for an unknown one, its identifier as it was sent."""
        return CodeSystem(self.system).label if self.system in CodeSystem.values else self.system


def read_request(query: QueryDict) -> KnowledgeRequest:
    """Parse a request for one code. Raises RequestRefused if a parameter is missing, repeated or not supported."""
    # Taking the last of two codes, as QueryDict does, could show a patient the wrong page.
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
            _("We can answer as %(known)s, but not as “%(asked)s”.")
            % {"known": ", ".join((XML, JSON, JAVASCRIPT)), "asked": response_type},
            status=415,
        )
    callback = query.get(CALLBACK, "")
    if response_type == JAVASCRIPT and not SAFE_CALLBACK.fullmatch(callback):
        raise RequestRefused(
            _("The parameter callback must be the name of a function: letters, digits, _, $ and dots.")
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
    """The language of a tag: “es-MX” is Spanish. A language that the site does not have becomes English."""
    primary = tag.lower().replace("_", "-").partition("-")[0]
    return Language(primary) if primary in Language.values else Language.ENGLISH
