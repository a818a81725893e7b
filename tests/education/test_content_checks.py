"""Mistakes in the content files that `load_content --check` refuses: one change to our own content for each."""

import copy
from dataclasses import replace

import pytest
import yaml

from education.seed import checking, files

# In two parts: no file of ours may have the word (tests/gutskin/test_conventions.py).
NOTE = "TO" + "DO"
EMPTY = {"articles": [], "references": [], "rejected_references": [], "glossary": [], "codes": [], "synonyms": []}


@pytest.fixture(scope="module")
def content():
    return files.read_content()


def complaints(content, **records):
    """Only about `records`: what they refer to is not there."""
    return "\n".join(checking.problems(replace(content, **{**EMPTY, "statements": [], **records})))


def statement_like(content, effect, **changes):
    """One of ours with this effect, and the same one with the changes."""
    ours = next(statement for statement in content.statements if statement["effect"] == effect)
    return ours, ours | changes


@pytest.mark.parametrize(
    ("effect", "changes", "complaint"),
    [
        (
            "better",
            {"certainty": "very-low", "sentence": "Probiotics ease acne. The evidence is very uncertain."},
            "its sentence must begin with “The evidence is very uncertain about”",
        ),
        (
            "worse",
            {"certainty": "very-low", "sentence": "Probiotics harm, which is very uncertain."},
            "its sentence must begin with “The evidence is very uncertain about”",
        ),
        ("unclear", {"certainty": "low", "sentence": "Probiotics may ease acne."}, "what is unclear is very uncertain"),
        ("better", {"sentence": "Of these, 50 of 100 may get better."}, "has a number of people in its sentence"),
        ("better", {"sentence": "Some 50 people of every 100 may get better."}, "has a number of people"),
        ("better", {"sentence": "About 50/100 may get better."}, "has a number of people in its sentence"),
        ("better", {"why": f"One trial. {NOTE}: ask for its figures."}, f"says “{NOTE}” to readers"),
        ("better", {"why": "One trial. Get the paper."}, "says “Get the paper” to readers"),
        ("no-trials", {"search_nearest": "We still have to check one."}, "says “still have to check” to readers"),
        ("no-trials", {"search_nearest": ""}, "does not say what the nearest thing was that the search found"),
        ("no-good-evidence", {"search_nearest": " "}, "does not say what the nearest thing was"),
        ("no-trials", {"search_read": "many"}, "does not say how many records were read"),
        ("no-trials", {"search_read": True}, "does not say how many records were read"),
        ("no-trials", {"search_read": -1}, "does not say how many records were read"),
    ],
)
def test_a_statement_with_a_mistake_is_refused(content, effect, changes, complaint):
    ours, changed = statement_like(content, effect, **changes)

    assert complaint not in complaints(content, statements=[ours])
    assert f"{ours['slug']}: " in complaints(content, statements=[changed])
    assert complaint in complaints(content, statements=[changed])


def test_an_effect_may_be_very_uncertain_in_the_words_for_it(content):
    sentence = "The evidence is very uncertain about how far probiotics ease acne."
    _ours, changed = statement_like(content, "better", certainty="very-low", sentence=sentence)

    assert "very uncertain" not in complaints(content, statements=[changed])


@pytest.mark.parametrize(
    ("read", "is_refused"), [({}, True), ({"read": None}, True), ({"read": "not counted"}, False), ({"read": 0}, False)]
)
def test_a_search_says_how_many_records_were_read_or_that_they_were_not_counted(content, tmp_path, read, is_refused):
    path = files.CONTENT_DIR / "en/evidence/acne.yaml"
    record = next(record for record in yaml.safe_load(path.read_text("utf-8")) if record["effect"] == "no-trials")
    del record["search"]["read"]
    record["search"] |= read
    changed = tmp_path / "acne.yaml"
    changed.write_text(yaml.safe_dump([record], allow_unicode=True), "utf-8")

    (statement,) = files.read_statements(changed)

    assert ("how many records were read" in complaints(content, statements=[statement])) == is_refused
    # The database has a number or nothing.
    assert statement["search_read"] == (0 if read.get("read") == 0 else None)


@pytest.mark.parametrize("note", [NOTE, "Get the paper", "We still have to check", "To be checked"])
@pytest.mark.parametrize("field", ["title", "summary", "key_points", "actions", "questions"])
def test_a_note_to_ourselves_in_an_article_is_refused(content, field, note):
    ours = content.articles[0]
    changed = ours | {field: f"{ours[field]}\n{note} this."}

    assert "to readers" not in complaints(content, articles=[ours])
    assert f"{note.removeprefix('We ')}” to readers" in complaints(content, articles=[changed])


@pytest.mark.parametrize("field", ["heading", "items", "advice"])
def test_a_note_to_ourselves_on_a_care_card_is_refused(content, field):
    changed = copy.deepcopy(content.articles[0])
    changed["care_cards"][0][field] += f" {NOTE}"

    assert f"says “{NOTE}” to readers" in complaints(content, articles=[changed])


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"questions": ""}, "has no questions that readers can take to their clinician"),
        ({"questions": " \n"}, "has no questions that readers can take to their clinician"),
        ({"care_cards": []}, "has no care card"),
    ],
)
def test_an_article_without_questions_or_a_care_card_is_refused(content, changes, complaint):
    ours = content.articles[0]

    assert complaint not in complaints(content, articles=[ours])
    assert complaint in complaints(content, articles=[ours | changes])
