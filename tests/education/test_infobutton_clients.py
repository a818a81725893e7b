"""Two third-party clients for MedlinePlus Connect, with our address in its place.

Each test makes the same request as the source of the client and reads the same fields in the same order, and nothing
else. A change that breaks one of them breaks a program in use.
"""

import json
from xml import sax

import pytest

from tests.education.factories import make_published_article

pytestmark = pytest.mark.django_db
ICD_10_CM, SNOMED_CT = "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.96"
PAGE = "https://gutskin.example/conditions/atopic-dermatitis/"


@pytest.fixture(autouse=True)
def eczema():
    article = make_published_article()
    article.codes.create(system=ICD_10_CM, code="L20", display="Atopic dermatitis", descendants=True)
    article.codes.create(system=SNOMED_CT, code="24079001", display="Atopic dermatitis")


def medlineplus_ruby(client, code):
    """github.com/stratigos/medlineplus_ruby 0.1, JSON: api.rb builds the query, response_payload.rb reads the body."""
    body = client.get(
        "/connect/service",
        {
            "mainSearchCriteria.v.c": code,
            "mainSearchCriteria.v.cs": ICD_10_CM,
            "knowledgeResponseType": "application/json",
        },
    ).content
    assert body, "the gem raises when the body is empty"
    parsed = json.loads(body)
    return parsed["feed"]["subtitle"]["_value"], [
        {
            "title": entry["title"]["_value"],
            "link": entry["link"][0]["href"],
            "description": entry["summary"]["_value"],
        }
        for entry in parsed["feed"]["entry"]
    ]


def test_medlineplus_ruby_finds_the_page(client):
    asked, data = medlineplus_ruby(client, "L20.9")

    assert asked == "GutSkin: results for ICD-10-CM L20.9"
    assert [(entry["title"], entry["link"]) for entry in data] == [("Eczema and your gut", PAGE)]
    assert "<li>Eczema is common.</li>" in data[0]["description"]


def test_medlineplus_ruby_gets_an_empty_answer(client):
    assert medlineplus_ruby(client, "J01.01") == ("GutSkin: results for ICD-10-CM J01.01", [])


class MedlinePlusCodes(sax.ContentHandler):
    """github.com/hongpingliang/mobile_app_medlineplus_code, for Android, XML: LoaderHandler.java goes by local names.

    The last title, link and summary that it meets are the entry's; name and uri count inside the author.
    """

    def __init__(self):
        self.found = {}
        self.inside = set()
        self.text = ""

    def startElementNS(self, name, qname, attrs):
        self.text = ""
        self.inside.add(name[1])
        if name[1] == "link":
            self.found["entry url"] = attrs.get((None, "href"))

    def characters(self, content):
        self.text += content

    def endElementNS(self, name, qname):
        tag = name[1]
        value = self.text.strip()
        if tag == "title":
            # The app recognises an entry by the element around it, so the feed's own title has to be outside.
            self.found["entry title" if "entry" in self.inside else "title"] = value
        elif tag in {"subtitle", "summary"}:
            self.found[tag] = value
        elif tag in {"name", "uri"} and "author" in self.inside:
            self.found[f"author {tag}"] = value
        self.inside.discard(tag)


def medlineplus_codes(client, system, code):
    """Setting.java builds the address by hand without a response type, and expects XML."""
    response = client.get(f"/connect/service?mainSearchCriteria.v.cs={system}&mainSearchCriteria.v.c={code}")
    assert response.status_code == 200
    handler = MedlinePlusCodes()
    parser = sax.make_parser()  # noqa: S317  what it reads is our own answer
    parser.setFeature(sax.handler.feature_namespaces, True)
    parser.setContentHandler(handler)
    parser.feed(response.content)
    parser.close()
    return handler.found


def test_medlineplus_codes_finds_the_page(client):
    found = medlineplus_codes(client, SNOMED_CT, "24079001")

    assert found["title"] == "GutSkin"
    assert found["subtitle"] == "GutSkin: results for SNOMED CT 24079001"
    assert found["author name"] == "GutSkin"
    assert found["author uri"] == "https://gutskin.example"
    assert found["entry title"] == "Eczema and your gut"
    assert found["entry url"] == PAGE
    assert "<li>Eczema is common.</li>" in found["summary"]


def test_medlineplus_codes_gets_an_empty_answer(client):
    """A code system that the app knows and we do not have: RxNorm."""
    found = medlineplus_codes(client, "2.16.840.1.113883.6.88", "637188")

    assert found["title"] == "GutSkin"
    assert not found.keys() & {"entry title", "entry url", "summary"}
