"""Compressed answers: the same bytes for everybody, well compressed where it lasts, quickly where it does not."""

import brotli
import pytest

from gutskin import compression
from gutskin.bounded_memory import BoundedMemory
from tests.addresses import ARTICLES
from tests.content import load_content


@pytest.fixture
def reader(client):
    return lambda address, coding="br": client.get(address, headers={"accept-encoding": coding})


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(compression, "_remembered", BoundedMemory(compression.REMEMBERED_BYTES))


def test_what_is_remembered_is_what_would_be_compressed_again(reader, db, monkeypatch):
    first, again = reader("/about/"), reader("/about/")
    monkeypatch.setattr(compression, "_remembered", BoundedMemory(compression.REMEMBERED_BYTES))
    anew = reader("/about/")

    assert first.content == again.content == anew.content
    assert brotli.decompress(first.content) == reader("/about/", "identity").content


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_page_that_stayed_the_same_is_compressed_once(reader, db, monkeypatch, coding):
    calls = []
    for module, name in ((compression.brotli, "compress"), (compression.gzip, "compress")):
        original = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args, to=original, **named: calls.append(1) or to(*args, **named))

    reader("/about/", coding)
    reader("/about/", coding)

    assert len(calls) == 1


def test_an_answer_to_a_question_is_compressed_quickly_and_not_remembered(reader, db, monkeypatch):
    qualities = []
    compress = brotli.compress
    monkeypatch.setattr(
        compression.brotli,
        "compress",
        lambda body, **named: qualities.append(named["quality"]) or compress(body, **named),
    )

    reader("/search/?q=probiotics")
    reader("/search/?q=probiotics")
    reader("/about/")

    quick, well = compression.QUALITY_OF_AN_ANSWER, compression.QUALITY_OF_A_PAGE
    assert qualities == [quick, quick, well]


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(compression, "REMEMBERED_BYTES", 5_000)
    remembered = BoundedMemory(compression.REMEMBERED_BYTES)
    for number in range(100):
        remembered.put((number,), bytes(400), 400)
    remembered.put(("too large",), bytes(4_000), 4_000)

    kept = [key for key in [(number,) for number in range(100)] + [("too large",)] if remembered.get(key)]
    assert kept == [(number,) for number in range(88, 100)]


def test_articles_are_light(reader, db):
    """docs/decisions/0052 says what is left of them, and what would make them lighter still."""
    load_content()
    sizes = {address: len(reader(address).content) for address in ARTICLES}

    assert max(sizes.values()) <= 9_500, sizes
    assert sum(sizes.values()) / len(sizes) <= 7_500, sizes
