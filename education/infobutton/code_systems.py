"""The names of code systems: a health record sends one of several for the same system."""

import re

from education.models import CodeSystem

# HL7 v3 and CDA send the object identifier (OID) or the name of the system, FHIR a URI, HL7 v2 its table 0396.
# ICD-10 without “CM” is another system, and so is ICD-9-CM.
SPELLINGS = {
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


def code_system(sent: str) -> str:
    """The CodeSystem for an OID, URI or name as a health record sends it; one that we do not hold is returned as is."""
    name = VERSION.sub("", sent.lower().replace("https://", "http://")).rstrip("/").strip()
    name = name.removeprefix("urn:oid:")
    return name if name in CodeSystem.values else SPELLINGS.get(name, sent)
