"""Every form of the evidence map agrees with the database."""

import pytest

from education.evidence_map import column_strip, marks_of, row_strip
from education.models import Article, EvidenceStatement, Reference
from tests.content import load_content
from tests.education import evidence_readers as read
from tests.education.factories import make_published_article, make_reference, make_statement

pytestmark = pytest.mark.django_db
URL = "/evidence/"
LEVELS = {"High": 4, "Moderate": 3, "Low": 2, "Very low": 1}
SIGNS = {
    "Helps": "better",
    "Makes worse": "worse",
    "Little or no difference": "little-or-no-difference",
    "Unclear": "unclear",
    "A link, not a treatment effect": "link",
    "We found no trials": "no-trials",
    "We found no good evidence": "no-good-evidence",
}


def compare(client, expected):
    """Compare each form of the map with the expected cells; the files leave out cells without a statement."""
    root = read.page(client.get(URL).content.decode())
    drawn = read.drawing(root)
    assert {cell: reading for cell, (reading, _, _) in drawn.items()} == expected
    for cell, (reading, signs, crosses) in drawn.items():
        assert signs == ([SIGNS[effect] for effect, _ in reading.marks] or ["absent"]), cell
        assert crosses == [LEVELS[level] for _, level in reading.marks if level], cell
    assert read.lists(root) == expected
    tabled = read.table(root)
    assert {cell: reading for cell, (reading, _, _) in tabled.items()} == expected
    assert read.from_json(client.get("/evidence.json").content) == expected
    with_statements = {cell: reading for cell, reading in expected.items() if reading.marks}
    assert read.from_csv(client.get("/evidence.csv").content) == with_statements
    return root, tabled


@pytest.mark.slow
def test_our_own_content_is_all_on_the_map_and_in_the_file(client):
    load_content()
    statements = EvidenceStatement.objects.all()
    in_the_file, address = [], "/evidence.json"
    while address:
        data = client.get(address).json()
        in_the_file += [statement["id"] for statement in data["statements"]]
        address = data.get("next")
    assert sorted(in_the_file) == sorted(statements.values_list("slug", flat=True))

    rows = read.interventions().values()
    for condition in Article.objects.filter(kind="condition"):
        root = read.page(client.get(f"{URL}?condition={condition.slug}").content.decode())
        ids = {node.attributes["id"] for node in root.all(lambda node: "id" in node.attributes)}
        assert {f"cell-{condition.slug}-{row}" for row in rows} <= ids
    for statement in statements.select_related("condition"):
        page = client.get(statement.get_absolute_url(), follow=True).content.decode()
        assert f'id="statement-{statement.slug}"' in page


@pytest.fixture
def acne():
    return make_published_article("acne", title="Acne and your gut")


@pytest.fixture
def eczema():
    return make_published_article()


SAY = {"high": "Creams reduce spots.", "moderate": "It probably helps.", "low": "It may help."}


def add(condition, *, effect="better", certainty="low", **values):
    number = EvidenceStatement.objects.count()
    defaults = {"slug": f"statement-{number}", "sentence": SAY.get(certainty, "The evidence is very uncertain.")}
    return make_statement(condition, effect=effect, certainty=certainty, **defaults | values)


def test_every_form_has_the_same_effects_and_levels(client, acne, eczema):
    """Includes several statements that agree, unrated ones, a paper cited twice, and drafts, which no one may see."""
    papers = [Reference.objects.get(key="zhao2025"), make_reference("eguren2024", doi="10.2340/x")]
    for number, effect in enumerate(["better", "worse", "little-or-no-difference", "unclear", "link"]):
        intervention = ["gut-link", "probiotics", "prebiotics-and-synbiotics", "leaving-foods-out", "low-fodmap"][
            number
        ]
        add(acne, effect=effect, certainty=["high", "moderate", "low", "very-low", "low"][number],
            intervention=intervention, references=papers)  # fmt: skip
        add(acne, effect=effect, certainty="very-low", intervention=intervention, references=papers[:1])
    add(eczema, effect="no-trials", certainty="", references=[])
    add(eczema, effect="no-good-evidence", certainty="", references=papers[1:])
    add(eczema, effect="worse", certainty="high", state="draft")
    add(eczema, effect="worse", certainty="high", state="superseded")

    compare(client, read.from_database([acne, eczema]))


def test_a_rejected_source_is_not_shown_and_a_retracted_one_not_counted(client, acne):
    retracted = make_reference("tao2020", doi="10.1/a", status="retracted", status_reason="Invented data.")
    rejected = make_reference("maes2025", doi="10.1/b", status="rejected", status_reason="It does not exist.")
    add(acne, references=[Reference.objects.get(key="zhao2025"), retracted, rejected])

    evidence_map = client.get(URL).context["map"]

    cell = next(cell for cell in evidence_map.columns[0].cells if cell.statements)
    assert cell.papers == 1
    page = client.get(URL).content.decode()
    assert "/references/tao2020/" in page
    assert "maes2025" not in page + client.get("/evidence.json").content.decode()
    assert "One of the papers behind this was retracted" in page


def test_a_gap_is_named_and_can_be_followed(client, acne):
    page = client.get(URL).content.decode()

    cells = read.drawing(read.page(page))
    assert len(cells) == 8
    assert {reading.absence for reading, _, _ in cells.values()} == {"Not summarised yet"}
    assert 'id="cell-acne-stool-transplant"' in page
    assert "We have not summarised this yet. That says nothing about whether it works." in page
    data = client.get("/evidence.json").json()
    assert (data["format"], len(data["not_summarised"])) == ("3", 8)
    # Of some pairs we know studies whose record is not complete enough to cite.
    assert "not looked" not in page + client.get("/evidence.json").content.decode()


def test_marks_are_never_averaged_and_the_most_certain_comes_first(acne):
    for effect, certainty in [
        ("unclear", "very-low"),
        ("better", "moderate"),
        ("no-trials", ""),
        ("better", "moderate"),
    ]:
        add(acne, effect=effect, certainty=certainty)

    marks = marks_of(EvidenceStatement.objects.all())

    assert [(mark.effect, mark.certainty, mark.count) for mark in marks] == [
        ("better", "moderate", 2),
        ("unclear", "very-low", 1),
        ("no-trials", "", 1),
    ]


def test_at_most_three_marks_but_harm_is_never_left_out(client, acne):
    for certainty in ("high", "moderate", "low", "very-low"):
        add(acne, effect="better", certainty=certainty)
    add(acne, effect="worse", certainty="very-low")

    marks = marks_of(EvidenceStatement.objects.all())

    assert [(mark.effect, mark.certainty) for mark in marks] == [
        ("better", "high"), ("better", "moderate"), ("worse", "very-low"),
    ]  # fmt: skip
    reading, _, _ = read.drawing(read.page(client.get(URL).content.decode()))["cell-acne-probiotics"]
    assert reading.absence == "and 2 more"


def test_a_statement_about_an_unpublished_page_is_in_no_form(client, acne):
    hidden = make_published_article("rosacea", title="Rosacea and your gut")
    add(hidden, slug="hidden-one")
    Article.objects.filter(pk=hidden.pk).update(live=None)

    for address in (URL, "/evidence.csv", "/evidence.json"):
        response = client.get(address)
        assert response.status_code == 200
        assert "hidden-one" not in response.content.decode()


def test_an_empty_site_has_a_page_and_files(client):
    for address in (URL, "/evidence.csv", "/evidence.json"):
        assert client.get(address).status_code == 200


def test_text_from_the_database_is_escaped(client, acne):
    add(acne, sentence="It may help <script>alert(1)</script> & more.", outcome='"><b>')
    Article.objects.get().live.__class__.objects.update(title="Acne <i>&</i> you")

    page = client.get(URL).content.decode()

    assert "<script>alert" not in page
    assert "Acne <i>" not in page
    assert "Acne &lt;i&gt;&amp;&lt;/i&gt; you" in page


def test_no_text_of_the_drawing_overflows_its_cell(client):
    """By the assumed width of a letter. Rows must not overlap either."""
    title = "A title of more words than any condition has had so far"
    for slug in ("acne", "atopic-dermatitis", "psoriasis", "rosacea"):
        condition = make_published_article(slug, title=title)
        for effect in ("link", "no-good-evidence", "little-or-no-difference"):
            add(condition, effect=effect, certainty="" if effect == "no-good-evidence" else "low")

    drawing = client.get(URL).context["drawing"]

    bottom = max(line.y for _, lines in drawing.headings for line in lines)
    for row in drawing.rows:
        assert row.y >= bottom
        bottom = row.y + row.cells[0].height
        for cell in row.cells:
            lines = [line for mark in cell.marks for line in mark.effect] + cell.lines
            assert all(row.y < line.y <= bottom for line in lines)
            assert all(line.x + 7.9 * len(line.text) <= cell.x + cell.width for line in lines)
    assert bottom <= drawing.height
    assert all(len(lines) > 1 for _, lines in drawing.headings)


def test_a_condition_shows_its_column_and_a_therapy_its_row(client, acne, eczema):
    therapy = make_published_article("probiotics-and-prebiotics", kind="therapy", title="Probiotics")
    add(acne, therapy=therapy, slug="probiotics-acne")
    add(acne, effect="no-trials", certainty="", intervention="stool-transplant", therapy=therapy, slug="stool-acne")

    page = client.get("/conditions/acne/more/").content.decode()
    (column,) = client.get("/conditions/acne/").context["evidence_strips"]
    rows = client.get("/therapies/probiotics-and-prebiotics/").context["evidence_strips"]

    # What is not summarised yet is on the map.
    assert [(entry.name, entry.statement) for entry in column.entries] == [
        ("Probiotics", "probiotics-acne"),
        ("Stool transplant", "stool-acne"),
    ]
    assert 'href="#part-statement-probiotics-acne"' in page
    assert 'id="part-statement-probiotics-acne"' in page
    assert [row.heading for row in rows] == ["Probiotics", "Stool transplant"]
    assert [entry.name for entry in rows[0].entries] == ["Acne"]
    assert [entry.name for entry in rows[0].gaps] == ["Eczema"]


def test_a_row_of_a_therapy_ends_with_the_conditions_that_are_not_summarised_yet(client, acne, eczema):
    make_published_article("rosacea", title="Rosacea: what is known")
    therapy = make_published_article("probiotics-and-prebiotics", kind="therapy", title="Probiotics")
    add(acne, therapy=therapy, slug="probiotics-acne")

    page = read.page(client.get("/therapies/probiotics-and-prebiotics/more/").content.decode())

    (strip,) = page.of("ul", "strip")
    answered, gaps = strip.of("li")
    assert answered.of("a")[0].text == "Acne"
    assert gaps.text == "Eczema, Rosacea: what is known Not summarised yet"
    assert [link.attributes["href"] for link in gaps.of("a")] == [
        "/evidence/?condition=atopic-dermatitis#cell-atopic-dermatitis-probiotics",
        "/evidence/?condition=rosacea#cell-rosacea-probiotics",
    ]


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Eczema (atopic dermatitis) and your gut", "Eczema"),
        ("Coeliac disease and your skin", "Coeliac disease"),
        ("Skin, hair and nails", "Skin, hair and nails"),
        ("Psoriasis (plaque)", "Psoriasis (plaque)"),
        ("Tu piel y tu intestino", "Tu piel y tu intestino"),
    ],
)
def test_the_name_of_a_condition_is_its_title_without_the_rest(title, short):
    assert Article(title=title).short_title == short


def test_a_page_without_evidence_has_no_strip(client, acne):
    assert column_strip(acne, []) == []
    assert row_strip([], [acne]) == []
    assert "evidence-strip" not in client.get("/conditions/acne/").content.decode()


def test_the_home_page_has_a_row_of_the_map(client, acne):
    add(acne)

    page = client.get("/").content.decode()

    assert f'href="{URL}?condition=acne#cell-acne-probiotics"' in page


@pytest.mark.parametrize("address", [URL, "/evidence.csv", "/evidence.json", f"{URL}?certainty=low"])
@pytest.mark.parametrize("number", [3, 30])
def test_number_of_queries(client, django_assert_num_queries, acne, eczema, address, number):
    for place in range(number):
        add(acne if place % 2 else eczema, references=[make_reference(f"trial{place}", doi=f"10.1/{place}")])

    with django_assert_num_queries(5):
        assert client.get(address).status_code == 200
