"""A client that sends requests to the Infobutton responder as a health record does."""

from datetime import UTC, datetime

import time_machine

from tests.education.factories import make_published_article, make_statement

ICD, SNOMED = "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.96"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def coded_eczema():
    """A published page for L20, the codes below it and its SNOMED CT code, with one statement."""
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        article = make_published_article()
    code(article, "L20")
    article.codes.create(system=SNOMED, code="24079001", display="Atopic dermatitis")
    make_statement(article)
    return article


def code(article, value, *, descendants=True, excluded=False):
    article.codes.create(system=ICD, code=value, display=value, descendants=descendants, excluded=excluded)


def ask(client, value="L20", system=ICD, path="/connect/service", **more):
    names = {
        "language": "informationRecipient.languageCode.c",
        "name": "mainSearchCriteria.v.dn",
        "form": "knowledgeResponseType",
    }
    query = {"mainSearchCriteria.v.cs": system, "mainSearchCriteria.v.c": value}
    return client.get(path, query | {names.get(key, key): found for key, found in more.items()})


def feed(client, value="L20", system=ICD, **more):
    response = ask(client, value, system, form="application/json", **more)
    assert response.status_code == 200
    return response.json()["feed"]


def titles(client, value, system=ICD, **more):
    return [entry["title"]["_value"] for entry in feed(client, value, system, **more)["entry"]]
