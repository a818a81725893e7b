"""CSV and JSON export of the evidence: its contents, and that no cell runs as a formula in a spreadsheet."""

import csv
import io

import pytest

from education.models import EvidenceStatement, Reference
from gutskin.csv_export import safe_cell
from tests.education.factories import make_published_article, make_reference, make_reviewer, make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    trial = make_reference("eguren2024", doi="10.2340/actadv.v104", pmid="38751177", authors=["Eguren C"])
    unsure = make_reference("ko2019", doi="10.1002/x", pmid="1", unconfirmed_fields=["doi", "pmid", "year"])
    acne = make_published_article("acne", title="Acne and your gut")
    return make_statement(acne, slug="probiotics-acne", references=[trial, unsure])


def rows(client, query=""):
    content = client.get(f"/evidence.csv{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_json_has_the_fields_of_grade(client, statement):
    data = client.get("/evidence.json").json()

    assert data["licence"]["name"] == "CC BY 4.0"
    assert data["source"] == "https://gutskin.example/evidence/"
    (exported,) = data["statements"]
    assert exported == {
        "id": "probiotics-acne",
        "url": "https://gutskin.example/evidence/probiotics-acne/",
        "population": {
            "condition": "acne",
            "title": "Acne and your gut",
            "url": "https://gutskin.example/conditions/acne/",
        },
        "intervention": {"id": "probiotics", "name": "Probiotics"},
        "outcome": "Eczema symptoms",
        "kind": "finding",
        "effect_direction": "Little or no difference",
        "certainty_of_evidence": "Moderate",
        "summary": "Probiotics probably make little or no difference to eczema symptoms.",
        "explanation": "The review's own rating.",
        "numbers": [],
        "recommendation": None,
        "search": None,
        "studies_cited": 2,
        "references": [
            {
                "key": "eguren2024",
                "doi": "10.2340/actadv.v104",
                "pmid": "38751177",
                "citation": exported["references"][0]["citation"],
                "status": "unchecked",
                "url": "https://gutskin.example/references/eguren2024/",
            },
            {
                "key": "ko2019",
                "doi": "",
                "pmid": "",
                "citation": exported["references"][1]["citation"],
                "status": "unchecked",
                "url": "https://gutskin.example/references/ko2019/",
            },
        ],
        "reviewed_on": None,
        "reviewed_by": None,
    }
    assert exported["references"][0]["citation"].startswith("Eguren C. The gut-skin axis")


def test_csv_has_the_same_values_as_json(client, statement):
    reviewer = make_reviewer("ruth", name="Ruth Okafor").clinician
    EvidenceStatement.objects.update(reviewed_by=reviewer, reviewed_on="2026-08-06")
    data = client.get("/evidence.json").json()

    (row,) = rows(client)

    exported = data["statements"][0]
    assert (row["Statement"], row["Certainty of evidence"], row["Studies cited"]) == (
        "probiotics-acne",
        "Moderate",
        "2",
    )
    assert (row["References"], row["DOI"]) == ("eguren2024 | ko2019", "10.2340/actadv.v104 | ")
    assert row["Status of sources"] == "unchecked | unchecked"
    assert (row["Reviewed on"], row["Reviewed by"]) == ("2026-08-06", "Ruth Okafor, MD")
    assert (row["Licence"], row["Version"], row["Address"]) == ("CC BY 4.0", data["version"], exported["url"])
    assert (row["Summary"], row["Explanation"], row["Outcome"]) == (
        exported["summary"], exported["explanation"], exported["outcome"],
    )  # fmt: skip


def test_a_statement_without_trials_has_no_certainty(client, statement):
    EvidenceStatement.objects.update(effect="no-trials", certainty="")

    assert rows(client)[0]["Effect direction"] == "We found no trials"
    assert rows(client)[0]["Certainty of evidence"] == ""
    assert client.get("/evidence.json").json()["statements"][0]["certainty_of_evidence"] is None


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =cmd|' /C calc'!A0",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "\tplain",
    ],
)
def test_no_cell_begins_a_formula(client, statement, text):
    EvidenceStatement.objects.update(outcome=text, why=text)

    (row,) = rows(client)

    assert row["Outcome"] == row["Explanation"] == f"'{text}"


def test_no_part_of_a_cell_after_a_semicolon_begins_a_formula():
    assert safe_cell("Zhao; =1+1; \u200b@x;-2") == "Zhao;' =1+1;' \u200b@x;'-2"


def test_ordinary_text_is_unchanged():
    for text in ("Probiotics – a review", "10.1002/x", "a=b", "", "≥ 2", "‘quoted’", "5"):
        assert safe_cell(text) == text


def test_quotes_line_breaks_and_accents_survive_the_table(client, statement):
    text = 'She said "so, so";\nÉczéma – العربية'
    EvidenceStatement.objects.update(why=text)

    assert rows(client)[0]["Explanation"] == text
    assert client.get("/evidence.csv").content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read accents"


@pytest.mark.parametrize(
    ("address", "content_type"),
    [("/evidence.csv", "text/csv; charset=utf-8; header=present"), ("/evidence.json", "application/json")],
)
def test_files_are_downloads_with_cache_and_licence_headers(client, statement, address, content_type):
    response = client.get(address)

    version = client.get("/evidence.json").json()["version"]
    ending = address.partition(".")[2]
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="gutskin-evidence-{version}.{ending}"'
    assert response.headers["Link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    assert "no-store" not in response.headers["Cache-Control"]
    assert not response.cookies
    again = client.get(address, headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


def test_the_version_depends_on_the_data_and_not_on_the_filters(client, statement):
    def version(query=""):
        return client.get(f"/evidence.json{query}").json()["version"]

    first = version()
    assert version("?certainty=high") == first
    EvidenceStatement.objects.update(why="A newer trial.")
    second = version()
    Reference.objects.filter(key="eguren2024").update(status="retracted", status_reason="Invented data.")

    assert len({first, second, version()}) == 3


def test_the_page_names_version_and_licence(client, statement):
    page = client.get("/evidence/").content.decode()

    assert client.get("/evidence.json").json()["version"] in page
    assert 'rel="license"' in page
