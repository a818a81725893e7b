"""Checks JSON-LD against the vocabulary that schema.org publishes; README.md says where the file comes from."""

import gzip
import json
import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("schemaorg-current-https-12.0.jsonld.gz")
CONTEXT = "https://schema.org"
# Types whose values are given as text, and what that text has to look like.
FORMS = {
    "Date": re.compile(r"\d{4}(-\d\d(-\d\d)?)?"),
    "DateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)"),
    "URL": re.compile(r"https?://[^\s<>\"]+"),
    "Text": re.compile(r"(?s)\s*\S.*"),
}


def problems(data: dict) -> list[str]:
    """What is wrong with a document: types and properties that do not exist or do not go together, values of another
    type than the property takes, empty values. Texts where schema.org wants a thing are wrong here too."""
    found = [] if data.get("@context") == CONTEXT else ["@context"]
    return found + list(_of_thing({key: value for key, value in data.items() if key != "@context"}, "page"))


def _of_thing(thing, place):
    type = thing.get("@type")
    if type not in parents():
        yield f"{place}: no type {type!r}"
        return
    for name, value in thing.items():
        if name == "@type":
            continue
        here = f"{place}.{name}"
        if name == "@id":
            yield from _of_value(value, {"URL"}, here)
            continue
        # schema.org/docs/actions.html: the input of an action is named after its property, with this ending.
        domains, ranges = properties().get(name.removesuffix("-input"), (set(), set()))
        if not domains & ancestors(type):
            yield f"{here}: {type} has no such property"
            continue
        for item in value if isinstance(value, list) else [value]:
            yield from _of_value(item, ranges, here)
        if value == []:
            yield f"{here}: empty"


def _of_value(value, ranges, place):
    if isinstance(value, dict):
        if value.get("@type") in parents() and not ancestors(value["@type"]) & ranges:
            yield f"{place}: {value['@type']} is none of {sorted(ranges)}"
        yield from _of_thing(value, place)
    elif isinstance(value, str):
        if not any(form.fullmatch(value) for name, form in FORMS.items() if name in ranges):
            yield f"{place}: {value!r} is none of {sorted(ranges)}"
    elif isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{place}: {value!r}"
    elif not ranges & {"Number", "Integer", "Float"}:
        yield f"{place}: a number is none of {sorted(ranges)}"


@cache
def _graph():
    return json.loads(gzip.decompress(FILE.read_bytes()))["@graph"]


@cache
def parents():
    """Each type with its direct supertypes."""
    return {
        _name(entry["@id"]): set(_names(entry.get("rdfs:subClassOf")))
        for entry in _graph()
        if "rdfs:Class" in _listed(entry["@type"])
    }


@cache
def properties():
    """Each property with the types that have it and the types of its values."""
    return {
        _name(entry["@id"]): (
            set(_names(entry.get("schema:domainIncludes"))),
            set(_names(entry.get("schema:rangeIncludes"))),
        )
        for entry in _graph()
        if "rdf:Property" in _listed(entry["@type"])
    }


@cache
def ancestors(type):
    """The type itself and all its supertypes."""
    return {type}.union(*(ancestors(parent) for parent in parents().get(type, ())))


def _names(value):
    return [_name(entry["@id"]) for entry in _listed(value)]


def _name(identifier):
    return identifier.removeprefix("schema:")


def _listed(value):
    return value if isinstance(value, list) else [] if value is None else [value]
