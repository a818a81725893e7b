"""The published JSON schema of FHIR R4, and FHIR rules that a JSON schema cannot express."""

import gzip
import json
import re
from functools import cache
from pathlib import Path

from jsonschema import Draft6Validator

FILE = Path(__file__).with_name("fhir.schema.json.gz")


@cache
def validator():
    return Draft6Validator(json.loads(gzip.decompress(FILE.read_bytes())))


def errors(resource):
    """Where a resource breaks the schema. Its own definition gives a better message than "matches none of 148"."""
    published = validator().schema
    own = {"$ref": f"#/definitions/{resource['resourceType']}", "definitions": published["definitions"]}
    found = [f"{list(error.path)}: {error.message[:300]}" for error in Draft6Validator(own).iter_errors(resource)]
    for entry in resource.get("entry", []):
        found += errors(entry["resource"])
    return found


def broken_rules(bundle):
    """Checks the Bundle rules bdl-3, bdl-4, bdl-7 and ele-1 of FHIR R4, and that each reference leads to an entry."""
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(set(addresses)) != len(addresses):
        yield "bdl-7: a fullUrl stands twice"
    for entry in bundle["entry"]:
        if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", entry["fullUrl"]):
            yield f"{entry['fullUrl']} is no urn:uuid"
        if entry["fullUrl"].removeprefix("urn:uuid:") != entry["resource"].get("id"):
            yield f"{entry['fullUrl']} does not lead to its resource"
        if {"request", "response", "search"} & entry.keys():
            yield "bdl-2, bdl-3, bdl-4: only for transactions, histories and searches"
    for reference in _values(bundle, "reference"):
        if reference not in addresses:
            yield f"{reference} leads nowhere"
    for empty in _empty(bundle):
        yield f"ele-1: {empty} is empty"


def _values(thing, name):
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key == name:
                yield value
            yield from _values(value, name)
    elif isinstance(thing, list):
        for value in thing:
            yield from _values(value, name)


def _empty(thing, path="Bundle"):
    if thing in ({}, [], "", None):
        yield path
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from _empty(value, f"{path}.{key}")
    elif isinstance(thing, list):
        for number, value in enumerate(thing):
            yield from _empty(value, f"{path}[{number}]")
