"""The knowledge request of a health record, parsed from the query string (HL7 Infobutton, URL-based)."""

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from education.models import CodeSystem, Language

SYSTEM = "mainSearchCriteria.v.cs"
CODE = "mainSearchCriteria.v.c"
DISPLAY_NAME = "mainSearchCriteria.v.dn"
ORIGINAL_TEXT = "mainSearchCriteria.v.ot"
LANGUAGE = "informationRecipient.languageCode.c"
RESPONSE_TYPE = "knowledgeResponseType"
CALLBACK = "callback"
# Further codes for the same problem are numbered: v.cs1, v.c1 and v.dn1 are the second.
NUMBERS = ("", *"123456789")
# All other parameters of the standard (taskContext, patientPerson, age …) are accepted and ignored.
USED = (
    *(f"{name}{number}" for number in NUMBERS for name in (SYSTEM, CODE, DISPLAY_NAME)),
    *(ORIGINAL_TEXT, LANGUAGE, RESPONSE_TYPE, CALLBACK),
)

XML, JSON, JAVASCRIPT = "text/xml", "application/json", "application/javascript"
# The callback is written into a script, so nothing may pass that could be more than a name.
SAFE_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,63}")
# XML 1.0 cannot contain control characters. (Bytes that are not UTF-8 arrive as U+FFFD, which it can.)
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
# HL7 v3 and CDA send the object identifier (OID) or the name of the system, FHIR a URI, HL7 v2 its table 0396.
# ICD-10 without “CM” is another system, and so is ICD-9-CM.
SYSTEM_SPELLINGS = {
    "http://hl7.org/fhir/sid/icd-10-cm": CodeSystem.ICD_10_CM,
    "icd-10-cm": CodeSystem.ICD_10_CM,
    "icd10cm": CodeSystem.ICD_10_CM,
    "i10c": CodeSystem.ICD_10_CM,
    "http://snomed.info/sct": CodeSystem.SNOMED_CT,
    "snomed ct": CodeSystem.SNOMED_CT,
    "snomed-ct": CodeSystem.SNOMED_CT,
    "snomedct": CodeSystem.SNOMED_CT,
    "sct": CodeSystem.SNOMED_CT,
}
# FHIR writes the version after a bar; SNOMED CT has its edition and version in the URI.
VERSION = re.compile(r"\|.*|(?<=^http://snomed\.info/sct)/\d+(/version/\d+)?")
# What records send instead of “es”, “en” and “ar”: a common mistake, and the codes of three letters.
LANGUAGE_SPELLINGS = {"sp": "es", "spa": "es", "eng": "en", "ara": "ar"}
# No language tag in use is longer, and the answer repeats what was sent.
LONGEST_TAG = 35


class RequestRefused(Exception):
    """The request cannot be answered. `status` is 400 or 415; the message is for the developer of the client."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Coding:
    """One code of one code system, with its name there. `number` is "" for the first code, "1" for the second."""

    system: str
    code: str
    display_name: str = ""
    number: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether it has a code of a code system that we hold."""
        return bool(self.code) and self.system in CodeSystem.values

    def __str__(self):
        """The code after the name of its system; for an unknown system, after its identifier as it was sent."""
        system = CodeSystem(self.system).label if self.system in CodeSystem.values else self.system
        return f"{system} {self.code}".strip()


@dataclass(frozen=True)
class KnowledgeRequest:
    """The codes of one problem, its name, and the wanted form of the response.

    `asked_language` is the tag as it was sent, and `language` the one of ours that is nearest to it.
    """

    codings: tuple[Coding, ...]
    name: str = ""
    language: str = Language.ENGLISH
    asked_language: str = ""
    response_type: str = XML
    callback: str = ""

    @property
    def usable_codings(self) -> list[Coding]:
        return [coding for coding in self.codings if coding.is_usable]

    @property
    def is_by_name(self) -> bool:
        """Whether there is no code to look up, only the name."""
        return not self.usable_codings and bool(self.name)

    @property
    def subject(self) -> str:
        """What is looked up, in words: the codes, or the name."""
        if self.is_by_name:
            return _("the name “%(name)s”") % {"name": self.name}
        return ", ".join(map(str, self.usable_codings or self.codings))


def read_request(query: QueryDict) -> KnowledgeRequest:
    """Parse a request. Raises RequestRefused if a parameter is missing, repeated or not supported."""
    # Taking the last of two codes, as QueryDict does, could show a patient the wrong page.
    for name in USED:
        if len(query.getlist(name)) > 1:
            raise RequestRefused(
                _("The parameter %(name)s was sent more than once. Ask for one code at a time.") % {"name": name}
            )
    values = {name: UNPRINTABLE.sub("", query.get(name, "")).strip() for name in USED}
    response_type = _response_type(values[RESPONSE_TYPE])
    callback = query.get(CALLBACK, "")
    if response_type == JAVASCRIPT and not SAFE_CALLBACK.fullmatch(callback):
        raise RequestRefused(
            _("The parameter callback must be the name of a function: letters, digits, _, $ and dots.")
        )
    codings = _codings(values)
    request = KnowledgeRequest(
        codings=codings,
        name=next((coding.display_name for coding in codings if coding.display_name), values[ORIGINAL_TEXT]),
        language=_language(values[LANGUAGE]),
        asked_language=values[LANGUAGE][:LONGEST_TAG],
        response_type=response_type,
        callback=callback,
    )
    if not request.name and not any(coding.system and coding.code for coding in codings):
        missing = CODE if values[SYSTEM] else SYSTEM
        raise RequestRefused(
            _("The parameter %(name)s is missing. Send a code with its system, or a name as %(other)s.")
            % {"name": missing, "other": DISPLAY_NAME}
        )
    return request


def primary_subtag(tag: str) -> str:
    """The language of a tag without its region: “es” for “es-MX” and “es_MX”."""
    return tag.lower().replace("_", "-").partition("-")[0]


def _codings(values):
    """The first code, which may be incomplete, and those of the numbered ones that have both code and system."""
    found = [
        Coding(
            system=_code_system(values[f"{SYSTEM}{number}"]),
            code=values[f"{CODE}{number}"],
            display_name=values[f"{DISPLAY_NAME}{number}"],
            number=number,
        )
        for number in NUMBERS
    ]
    return tuple(coding for coding in found if not coding.number or (coding.system and coding.code))


def _code_system(sent):
    """The CodeSystem for an OID, URI or name as a health record sends it; one that we do not hold is returned as is."""
    name = VERSION.sub("", sent.lower().replace("https://", "http://")).rstrip("/").strip()
    name = name.removeprefix("urn:oid:")
    return name if name in CodeSystem.values else SYSTEM_SPELLINGS.get(name, sent)


def _response_type(sent):
    """The media type, without its parameters (“;charset=UTF-8”) and in lower case: neither has a meaning here."""
    media_type = sent.partition(";")[0].strip().lower() or XML
    if media_type not in {XML, JSON, JAVASCRIPT}:
        raise RequestRefused(
            _("We can answer as %(known)s, but not as “%(asked)s”.")
            % {"known": ", ".join((XML, JSON, JAVASCRIPT)), "asked": media_type},
            status=415,
        )
    return media_type


def _language(tag):
    """The language of a tag: “es-MX” is Spanish. A language that the site does not have becomes English."""
    primary = primary_subtag(tag)
    language = LANGUAGE_SPELLINGS.get(primary, primary)
    return Language(language) if language in Language.values else Language.ENGLISH
