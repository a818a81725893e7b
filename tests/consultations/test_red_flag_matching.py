"""How free text is matched: spelling, negations, other languages, and long texts that were made to take long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.red_flags import TEXTS, VOCABULARIES, find_red_flags, find_red_flags_in
from consultations.red_flags.matching import TextMatcher, normalise
from consultations.red_flags.signs import Group, Sign
from consultations.red_flags.vocabulary import load_vocabulary
from tests.counted_lines import lines_run


def found(text):
    return [rule.id for rule in find_red_flags_in(text)]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("I don’t", "i dont"),
        ("DON'T", "dont"),
        ("Diarrhœa", "diarrhoea"),
        ("bl\u00edst\u00e9r", "blister"),
        ("su\u00adici\u200dde", "suicide"),
        ("ＢＬＯＯＤ", "blood"),
    ],
)
def test_text_is_normalised(typed, seen):
    assert normalise(typed) == seen


@pytest.mark.parametrize("turn", ["until yesterday", "before, now there is", "but a little", "only on paper"])
def test_a_negation_that_may_have_ended_does_not_count(turn):
    assert found(f"No blood in my poo {turn}.") == ["blood-in-poo"]


@pytest.mark.parametrize("field", TEXTS)
def test_a_no_that_begins_an_answer_counts(field):
    """In the first field, nothing at all comes before it."""
    assert find_red_flags({field: "No blood in my poo."}) == []
    assert find_red_flags({field: "Blood in my poo."}) != []


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("No sign of any blood in my poo.", True),
        ("I had no sign of my blood in my poo.", True),
        ("I had no sign of any the blood in my poo.", True),  # four words between
        ("I had no sign of any of the blood in my poo.", False),  # five
        ("I can catch no breath", False),
    ],
)
def test_how_far_a_no_reaches(text, counts):
    assert bool(found(text)) is not counts


NEGATED = [
    "no fever and no blisters, just dry skin",
    "I do not have blisters or fever",
    "My stools are loose, no fever, weight loss or blood",
    "My stools are loose, without fever, weight loss, or blood.",
    "no fever no blood in my poo no blisters",
    "I don't have a fever, chest pain, or any blood in my stool",
    "never had wheeze after eating",
    "Neither fever nor blood in my stool",
    "I have no eye pain or blurred vision",
    "I take antibiotics for acne and have had no blisters, peeling or mouth sores. My newborn has dry feet.",
    "Blood in poo: no\nFever: none",
    "Blood in my stool? No. Trouble breathing? No.",
    "She has not had any swelling of the lips, trouble breathing or faintness",
    "no blood or mucus in my poo but the eczema is back",
    "not sure about milk, no blood in my stool",
]


@pytest.mark.parametrize("text", NEGATED)
def test_a_negation_reaches_what_it_negates(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("no blood in my poo before, but now", "blood-in-poo"),
        ("No fever, blood in my poo", "blood-in-poo"),
        ("no fever, just blood in my poo", "blood-in-poo"),
        ("No fever but blood in my poo", "blood-in-poo"),
        ("no fever or cough and blood in my poo", "blood-in-poo"),
        ("no fever blood in my poo", "blood-in-poo"),
        ("Fever: no, blood in my poo: yes", "blood-in-poo"),
        ("no idea if it is mucus or blood in my poo", "blood-in-poo"),
        ("I do not know what to do, my tongue is swollen", "airway"),
        ("no one believes me, my lips swell or itch after nuts", "airway"),
        ("I did not sleep because my tongue is swollen", "airway"),
        ("she is not making sense and has an infected leg, no fever", "sepsis"),
        ("he does not drink, has a fever and is sleepy, our son", "dehydration"),
        ("no longer any doubt: blood in my poo", "blood-in-poo"),
        ("I don't want to live and I don't want to die", "self-harm"),
    ],
)
def test_a_negation_reaches_no_further(text, rule):
    assert rule in found(text)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("my tongue is sweling", "airway"),  # a letter missing
        ("my tongue is swelliing", "airway"),  # one too many
        ("my tongue is swelkimg", None),  # two wrong
        ("my tongue is swlelling", "airway"),  # two in the wrong order
        ("my tongue is SWOLLLLEN", "airway"),
        ("thinkin of endin it", "self-harm"),  # a g that is not spoken
        ("I am suicidla", "self-harm"),
        ("my lips are dwelling", None),  # the first letter is another one: another word
        ("she is short of breath", "airway"),  # "breath" is a word of its own, and no wrong "breathe"
        ("bad breath and hard poo", None),
    ],
)
def test_one_wrong_letter_is_understood(typed, rule):
    assert found(typed) == ([rule] if rule else [])


SMALL_VOCABULARY = """
negations = "{no}"
fillers = ""
alternatives = "{either}"
heads = ""
statements = ""
reversals = ["{until}"]
often_misspelt = "{misspelt}"
compounds = {{ "{blood}" = "{test}" }}
contractions = {{ "{no}" = ["{no} {no}"] }}
groups = {{ stool = "{stool}" }}
signs = {{ blood-in-poo = ["{blood} + {{stool}}"] }}
"""
SPANISH = {
    "no": "sin",
    "either": "o",
    "until": "hasta",
    "misspelt": "hinchazón",
    "blood": "sangre / hemorragia / hinchazón",
    "test": "oculta",
    "stool": "heces / défécation* / caca",
}
ARABIC = {
    "no": "بلا",
    "either": "أو",
    "until": "حتى",
    "misspelt": "البراز",
    "blood": "دم / الدم / نزيف",
    "test": "وراثي",
    "stool": "البراز / براز* / الغائط",
}


@pytest.mark.parametrize(
    ("words", "text", "matches"),
    [
        (SPANISH, "Hay sangre en las heces.", True),
        (SPANISH, "¡HEMORRAGIA con la caca!", True),
        (SPANISH, "hinchazon y caca", True),
        (SPANISH, "hinchasón y caca", True),
        (SPANISH, "Sangre al défécationner", True),
        (SPANISH, "heces sin sangre", False),
        (SPANISH, "heces sin fiebre o sangre", False),
        (SPANISH, "heces sin sangre hasta hoy", True),
        (ARABIC, "يوجد دم في البراز", True),
        (ARABIC, "يوجد دَمٌ في البِراز", True),  # with vowel signs
        (ARABIC, "نزيـــف مع البراز؟", True),  # stretched
        (ARABIC, "دم مع برازي", True),
        (ARABIC, "البراز بلا دم", False),
        (ARABIC, "البراز بلا ألم أو دم", False),
        (ARABIC, "دم؟ البراز عادي", False),  # two sentences
    ],
)
def test_a_language_is_added_as_a_file(tmp_path, words, text, matches):
    quoted = words | {"blood": words["blood"].split(" / ")[0]}
    content = SMALL_VOCABULARY.format(**quoted)
    content = content.replace(f'["{quoted["blood"]} +', f'["{words["blood"]} +')
    (tmp_path / "xx.toml").write_text(content, "utf-8")
    vocabulary = load_vocabulary(tmp_path / "xx.toml")

    assert TextMatcher([text], vocabulary).matches(vocabulary.signs["blood-in-poo"][0]) is matches


def reads(text, sign):
    return TextMatcher([text], VOCABULARIES["en"]).matches(Sign(sign))


def test_signs_share_the_phrases_of_a_group():
    """Written out in each sign, they took two megabytes of every process."""
    fever = Group("fever / hot", {})
    groups = {"fever": fever, "ill": Group("{fever} / unwell", {"fever": fever})}
    one, other = Sign("baby + {fever} / burning", groups), Sign("{ill} & baby", groups)

    assert [[*step] for step in one.steps] == [[("baby",)], [("burning",), ("fever",), ("hot",)]]
    assert [[*step] for step in other.steps] == [[("unwell",), ("fever",), ("hot",)], [("baby",)]]
    assert one.steps[1].groups[0] is other.steps[0].groups[0].groups[0]
    assert other.written == "fever / hot / unwell & baby"
    assert [other.may_match({"baby", word}) for word in ("hot", "unwell", "cold")] == [True, True, False]


@pytest.mark.parametrize("written", ["baby + {fever}", "my {fever} / hot"])
def test_a_group_that_cannot_be_named_is_refused(written):
    with pytest.raises(KeyError):
        Sign(written, {"ill": Group("ill / unwell", {})})


def test_near_is_within_eight_words_before_or_after():
    assert reads("blood 1 2 3 4 5 6 7 poo", "blood + poo")
    assert reads("poo 1 2 3 4 5 6 7 blood", "blood + poo")
    assert not reads("blood 1 2 3 4 5 6 7 8 poo", "blood + poo")
    assert not reads("poo 1 2 3 4 5 6 7 8 blood", "blood + poo")


def test_followed_means_with_at_most_one_word_between():
    assert reads("blood 1 poo", "blood > poo")
    assert not reads("blood 1 2 poo", "blood > poo")
    assert reads("blood 1 poo 2 fever", "blood > poo > fever")
    assert not reads("blood poo 1 2 3 fever", "blood > poo > fever")


def test_a_beginning_is_read_to_its_last_letter():
    assert reads("poop", "poop*")
    assert not reads("poor", "poop*")


SOME_SIGN = Sign("blood / bloody* > in + poo & fever*")


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text):
    assert isinstance(found(text), list)


@given(st.lists(st.sampled_from(["blood", "in", "poo", "fever", "no", ".", "the"]), max_size=60))
def test_a_sign_is_found_where_a_simple_search_finds_it(words):
    matcher = TextMatcher([" ".join(words)], VOCABULARIES["en"])
    texts, sentence = [], 0
    for word in words:
        sentence += word == "."
        if word != ".":
            texts.append((word, sentence))
    starts = [
        n
        for n, (word, _) in enumerate(texts)
        if word == "blood" and any(follows == "in" for follows, _ in texts[n + 1 : n + 3])
    ]
    near = any(
        texts[n][1] == place and abs(n - m) <= 8 and word == "poo"
        for n in starts
        for m, (word, place) in enumerate(texts)
    )
    assert matcher.matches(SOME_SIGN, respects_negation=False) == (near and "fever" in words)


HOSTILE = [
    *["blood ", "a", "no ", ".", "lips swell ", "blood test ", "\u0301", " ", "7", "ـ", ", ", ": no", "? no\n"],
    *["no a, ", "no blood or ", "no fever, a b ", "or ", "not want to live ", "until no ", "do not ", "swellling "],
    *["fever 5 days ", "no, or ", "a swellin", "😀", "دم ", "want want to to die ", "no sign of any "],
    *["read it can cause ", "years ago fever nothing since ", "years ago ", "how common is "],
]


@pytest.mark.parametrize("filling", HOSTILE)
def test_the_work_grows_linearly_with_the_text(filling):
    """Counted, not timed: how many positions are indexed for a text, and for one ten times as long."""

    def work(length):
        matcher = TextMatcher([(filling * length)[:length]], VOCABULARIES["en"])
        return sum(map(len, matcher._positions_by_word.values())) + sum(map(len, matcher._prefixes().values()))

    assert work(10_000) <= 12 * work(1_000) + 100


@pytest.mark.parametrize("filling", HOSTILE)
def test_the_steps_of_a_search_grow_linearly_with_the_text(filling):
    """Counted, not timed: how many lines of the program run for a text, and for one eight times as long."""

    def steps(length):
        # Two words of a sign, apart: frames and negations are looked for only if there is a sign that may match.
        return lines_run(lambda: find_red_flags_in((filling * length)[:length] + ". Blood. Poo."))

    assert steps(8_000) <= 10 * steps(1_000)


def test_a_sign_is_not_a_regular_expression():
    matcher = TextMatcher(["(a+)+$ .* [x]"], VOCABULARIES["en"])

    assert not matcher.matches(Sign("(a+)+$"))
    assert not any(
        set(sign.written) & set("()[]{}\\^$|?") for sp in VOCABULARIES.values() for s in sp.signs.values() for sign in s
    )
