import pytest

from education import search
from education.seed.files import CONTENT_DIR, read_synonyms
from tests.education.factories import make_published_article, make_statement, make_synonyms, make_term

pytestmark = pytest.mark.django_db


def make_page(slug, body="", **values):
    """A published page with the given text, and no other words that a test searches for."""
    values = {"title": f"Page {slug}", "summary": "A summary.", "key_points": "First.\nSecond.\nThird."} | values
    words = f'<h2>Heading</h2><p>{body}<cite data-ref="zhao2025"></cite></p><h2>What you can do</h2><p>Rest.</p>'
    return make_published_article(slug, body=words, questions="", **values)


@pytest.fixture
def synonyms_of_the_site(db):
    for group in read_synonyms(CONTENT_DIR / "synonyms.yaml"):
        make_synonyms(*group["names"], language=group["language"])


def slugs(found):
    return {result.url.strip("/").split("/")[-1] for result in found.results}


def test_finds_the_word_in_title_summary_key_points_heading_text_and_questions():
    make_page("in-title", title="Butyrate and you")
    make_page("in-summary", summary="About butyrate.")
    make_page("in-key-points", key_points="Butyrate feeds cells.\nTwo.\nThree.")
    make_page("in-text", body="Bacteria make butyrate.")
    make_page("not-at-all")
    assert slugs(search.find("butyrate")) == {"in-title", "in-summary", "in-key-points", "in-text"}


def test_title_ranks_before_text():
    make_page("in-text", body="Some people with rosacea read this.")
    make_page("in-title", title="Rosacea and your gut")
    assert "in-title" in search.find("rosacea").results[0].url


def test_results_have_every_word():
    make_page("both", body="Probiotics for psoriasis.")
    make_page("one", body="Probiotics alone.")
    found = search.find("psoriasis probiotics")
    assert slugs(found) == {"both"}
    assert found.has_every_word


def test_without_full_matches_results_have_some_of_the_words():
    make_page("probiotics", body="Probiotics alone.")
    make_page("psoriasis", body="Psoriasis alone.")
    found = search.find("probiotics psoriasis unicorn")
    assert slugs(found) == {"probiotics", "psoriasis"}
    assert not found.has_every_word


def test_stop_words_are_ignored():
    make_page("diet", body="A diet may change acne.")
    found = search.find("How does my diet change the acne?")
    assert slugs(found) == {"diet"}
    assert found.has_every_word


@pytest.mark.parametrize("query", ["trial", "trials", "TRIALS", "triáls"])
def test_word_forms_capitals_and_accents_do_not_matter(query):
    make_page("trials", body="Two trials found this.")
    assert slugs(search.find(query)) == {"trials"}


@pytest.mark.parametrize("query", ["inf", "inflam", "inflammati", "gut inflammatio"])
def test_the_last_word_may_be_unfinished(query):
    make_page("inflammation", body="The gut and its inflammation.")
    assert slugs(search.find(query)) == {"inflammation"}


def test_only_the_last_word_may_be_unfinished():
    make_page("inflammation", body="The inflammation of the gut.")
    assert not search.find("inflammati gut", as_typed=True).has_every_word


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("eczema", "atopic dermatitis"),
        ("atopic dermatitis", "eczema"),
        ("coeliac", "celiac"),
        ("celiac", "coeliac"),
        ("pruritus", "itchy"),
        ("itching", "pruritus"),
        ("pimples", "zits"),
        ("acne", "pimples"),
        ("diarrhoea", "runny poo"),
        ("runny poo", "diarrhea"),
        ("irritable bowel syndrome", "IBS"),
        ("IBS", "irritable bowel syndrome"),
        ("short-chain fatty acids", "SCFA"),
        ("SCFAs", "short chain fatty acid"),
        ("stool transplant", "FMT"),
        ("faecal microbiota transplant", "stool transplant"),
        ("fibre", "fiber"),
        ("oestrogen", "estrogen"),
        ("oesophagus", "esophagus"),
        ("gluten-free", "glutenfree"),
        ("dairy-free", "dairyfree"),
        ("flare-up", "flareup"),
        ("antibiotics", "anti-biotics"),
        ("microbiome", "micro-biome"),
        ("skin care", "skincare"),
        ("omega-3", "omega3"),
        ("vitamin D", "vitD"),
    ],
)
def test_synonyms_of_the_site(written, asked, synonyms_of_the_site):
    make_page("found", body=f"We read about {written} here.")
    make_page("other", body="We read about nothing here.")
    found = search.find(asked)
    assert slugs(found) == {"found"}
    assert "<mark>" in found.results[0].snippet_html


@pytest.mark.parametrize(
    ("written", "asked"),
    [("acne", "spots"), ("intestinal permeability", "leaky gut"), ("probiotics", "friendly bacteria")],
)
def test_related_terms_are_not_synonyms(written, asked, synonyms_of_the_site):
    make_page("other", body=f"We read about {written} here.")
    # “Leaky gut” finds it by its second word, and the page says that the first is missing.
    assert not search.matching_documents(asked)


def test_a_synonym_of_several_words_matches_only_as_a_phrase():
    make_synonyms("eczema", "atopic dermatitis")
    make_page("apart", body="An atopic person with dermatitis.")
    make_page("title-and-summary", title="What atopic", summary="Dermatitis is.")
    assert search.find("eczema").total == 0


def test_a_whole_question_finds_pages_that_lack_one_of_its_words():
    make_page("stress", title="Stress and your skin", body="Hormones can slow healing.")
    make_page("reach", body="Stress can reach the skin, and more.")
    make_page("other", title="Stress", body="Nothing else.")

    found = search.find("how does stress reach the skin")

    assert slugs(found) == {"reach", "stress"}
    assert found.has_every_word
    assert not search.find("does stress slow the unicorn in skin").has_every_word
    # Two words are a deliberate choice and not a question.
    assert slugs(search.find("stress reach")) == {"reach"}


def test_typed_words_need_not_be_side_by_side():
    make_synonyms("FMT", "stool transplant")
    make_page("apart", body="A transplant of stool has a risk.")
    assert slugs(search.find("stool transplant")) == {"apart"}
    assert search.find("stool transplant risk").has_every_word


def test_arabic_pages_are_found_without_the_article():
    make_page("jild", language="ar", title="صحة الجلد", body="الأمعاء والجلد")
    assert slugs(search.find("جلد", language="ar")) == {"jild"}
    assert slugs(search.find("الامعاء", language="ar")) == {"jild"}
    assert search.find("جلد", language="en").total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("exzema", "eczema"),
        ("probotics", "probiotics"),
        ("psoriassis", "psoriasis"),
        ("sporiasis", "psoriasis"),
        ("acen", "acne"),
        ("moisturising exzema", "moisturising eczema"),
        ("Exzema and PROBOTICS!", "eczema and probiotics!"),
    ],
)
def test_a_corrected_spelling_is_searched_at_once(typed, meant):
    make_page("words", title="Eczema, acne, psoriasis, probiotics and prebiotics", body="Moisturise.")
    found = search.find(typed)
    assert (found.did_you_mean, found.query, found.is_corrected) == (meant, meant, True)
    assert slugs(found) == {"words"}


def test_a_search_as_typed_only_offers_the_spelling():
    make_page("words", title="Eczema", body="Probiotics.")
    found = search.find("exzema probiotics", as_typed=True)
    assert (found.did_you_mean, found.query, found.is_corrected) == ("eczema probiotics", "exzema probiotics", False)
    assert slugs(found) == {"words"}
    assert not found.has_every_word


def test_a_word_that_is_known_in_another_form_is_not_corrected():
    make_page("moisturise", body="How to moisturise dry skin.")
    assert search.find("moisturising unicorns").did_you_mean == ""


def test_nothing_is_suggested_where_every_word_was_found():
    make_page("words", body="Trials and trails.")
    assert search.find("trails").did_you_mean == ""


def test_a_spelling_that_would_find_nothing_is_not_suggested():
    page = make_page("words", body="All about psoriasis.")
    search.unindex_article(page)
    assert search.find("psoriassis").did_you_mean == ""


def test_snippet_shows_the_place_and_marks_the_words():
    before = " ".join(f"word{number}" for number in range(100))
    make_page("long", body=f"{before}. Two trials of probiotics failed. {before}")
    snippet = search.find("trial probiotic").results[0].snippet_html
    assert "Two <mark>trials</mark> of <mark>probiotics</mark> failed." in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert "word50" not in snippet


def test_what_is_shown_is_escaped():
    make_page(
        "hostile", title='<b>Acne</b> & "x"', body="&lt;script&gt;alert(1)&lt;/script&gt; acne &amp; &lt;mark&gt;"
    )
    result = search.find("acne script").results[0]
    assert result.title_html == "&lt;b&gt;<mark>Acne</mark>&lt;/b&gt; &amp; &quot;x&quot;"
    assert "&lt;<mark>script</mark>&gt;alert(1)" in result.snippet_html
    assert "<script" not in result.snippet_html
    assert "&lt;mark&gt;" in result.snippet_html


def test_text_between_the_words_of_a_phrase_is_escaped():
    make_synonyms("eczema", "atopic dermatitis")
    make_page("hostile", body="Some atopic &lt;img src=x&gt; dermatitis.", summary="No word.")
    make_page("phrase", body="Some atopic &lt;&gt; dermatitis.", summary="No word.")
    results = search.find("eczema").results
    assert [result.snippet_html for result in results if "<>" in result.snippet_html] == []
    assert "<mark>atopic &lt;&gt; dermatitis</mark>" in results[0].snippet_html


def test_kinds_are_counted_and_filter():
    make_page("one", body="Butyrate.")
    make_page("two", body="Butyrate.", kind="therapy")
    make_page("three", body="Butyrate.", kind="therapy")
    search.index_term(make_term("butyrate", definition="A fatty acid."))
    found = search.find("butyrate", kind="therapy")
    assert found.definition is None
    assert slugs(found) == {"two", "three"}
    assert found.total == 2
    assert found.counts == {"condition": 1, "therapy": 2, "glossary": 1}
    assert search.find("butyrate").total == 4


def test_weak_words_are_optional_and_help_to_rank():
    make_page("first", body="Dairy goes with acne.")
    make_page("second", body="Dairy may cause acne.")
    found = search.find("does dairy cause acne")
    assert [result.url for result in found.results] == ["/conditions/second/", "/conditions/first/"]
    assert found.has_every_word


def test_weak_words_are_searched_if_there_are_no_others():
    make_page("cause", body="What may cause it.")
    make_page("other", body="Something else.")
    assert slugs(search.find("what causes it")) == {"cause"}


def test_headings_and_summary_rank_between_title_and_text():
    for slug, values in {
        "in-text": {"body": "About butyrate."},
        "in-summary": {"summary": "About butyrate."},
        "in-title": {"title": "Butyrate"},
    }.items():
        make_page(slug, **values)
    urls = [result.url for result in search.find("butyrate").results]
    assert urls == ["/conditions/in-title/", "/conditions/in-summary/", "/conditions/in-text/"]


def test_ties_have_a_stable_order():
    for slug in ("b", "c", "a"):
        make_page(slug, title=f"Page {slug}", body="Butyrate.")
    make_page("d", title="Page d", body="Butyrate.", kind="therapy")
    urls = [result.url for result in search.find("butyrate").results]
    assert urls == ["/conditions/a/", "/conditions/b/", "/conditions/c/", "/therapies/d/"]


def test_evidence_statements_are_among_the_results_with_their_certainty():
    article = make_page("eczema", title="Eczema")
    statement = make_statement(article)
    search.index_statement(statement)
    (result,) = search.find("eczema symptoms").results
    assert result.url == "/evidence/probiotics-eczema/"
    assert result.certainty == "moderate"
    assert result.subject_label == "What was tested"
    assert search.find("eczema symptoms", kind="evidence").total == 1


@pytest.mark.parametrize(
    ("query", "is_explained"),
    [("allergy test", True), ("does an allergy test help", True), ("allergy", False), ("test", False)],
)
def test_a_term_is_explained_only_if_its_weak_words_were_typed_too(query, is_explained):
    search.index_term(make_term("allergy-test", term="allergy test", definition="It looks for signs of it."))

    assert (search.find(query).definition is not None) == is_explained


def test_a_glossary_term_is_explained_above_the_results():
    make_page("acne", title="Acne and your gut")
    search.index_term(make_term("acne", also=["spots"], definition="Blocked pores."))
    search.index_term(make_term("acne-scar", definition="A mark that acne leaves."))
    make_synonyms("acne", "pimples")
    for query in ("acne", "What is ACNE?", "spots", "pimples"):
        found = search.find(query)
        assert found.definition.slug == "acne", query
        assert "/glossary/acne/" not in [result.url for result in found.results], query
    assert search.find("acne").total == 3
    assert search.find("acne and gut").definition is None
    assert search.find("spo").definition is None


def test_a_term_is_preferred_to_another_name_of_another_term():
    search.index_term(make_term("microbiota", also=["microbiome"], definition="Microbes."))
    search.index_term(make_term("microbiome", definition="Microbes and what they make."))
    assert search.find("microbiome").definition.slug == "microbiome"


def test_suggestions_complete_the_last_word():
    make_page("eczema", title="Eczema and your gut")
    make_page("acne", title="Acne", body="Not eczema.")
    search.index_term(make_term("eczema", definition="Dry skin."))
    assert [suggestion.title for suggestion in search.suggest("ecz")] == ["Eczema and your gut", "Eczema"]
    assert [suggestion.title for suggestion in search.suggest("gut ecz")] == ["Eczema and your gut"]
    assert [suggestion.title for suggestion in search.suggest("eczma")] == ["Eczema and your gut", "Eczema"]
    assert search.suggest("unicorn") == search.suggest("?") == search.suggest("") == []


def test_suggestions_are_few():
    for number in range(20):
        search.index_term(make_term(f"butyrate-{number}", term=f"butyrate {number}"))
    assert len(search.suggest("buty")) == 6


def test_an_unfinished_word_brings_suggestions_with_the_results_and_a_finished_one_does_not():
    make_page("eczema", title="Eczema and your gut")
    assert [suggestion.url for suggestion in search.find("ecz").suggestions] == ["/conditions/eczema/"]
    assert search.find("eczema").suggestions == []


def test_a_kind_without_results_does_not_fall_back_to_other_words():
    make_page("both", body="Probiotics for psoriasis.")
    make_page("one", body="Probiotics alone.", kind="therapy")
    found = search.find("psoriasis probiotics", kind="therapy")
    assert found.total == 0
    assert found.counts == {"condition": 1}


def test_there_are_ten_results_on_a_page():
    for number in range(23):
        search.index_term(make_term(f"term-{number}", definition="Something about butyrate."))
    seen = [slug for page in (1, 2, 3) for slug in [r.url for r in search.find("butyrate", page=page).results]]
    assert len(seen) == len(set(seen)) == 23
    assert search.find("butyrate", page=1).previous_page is None
    assert search.find("butyrate", page=1).next_page == 2
    assert search.find("butyrate", page=3).next_page is None
    assert search.find("butyrate", page=99).page == 3


@pytest.mark.parametrize("query", ["", " ", "\0", "?!", "\ud800", "_", "'", '"'])
def test_a_query_without_words_finds_nothing_and_makes_no_query(query, django_assert_num_queries):
    make_page("words", body="Words.")
    with django_assert_num_queries(0):
        assert search.find(query).total == 0


def test_long_queries_are_cut():
    make_page("words", body="Butyrate.")
    assert search.find("butyrate " * 10_000).total == 1
    assert search.find("butyrate " * 12 + "unicorn").has_every_word
    assert search.find("b" * 100_000).total == 0


def test_pages_beyond_the_candidates_repeat_nothing():
    for number in range(73):
        search.index_term(make_term(f"term-{number}", definition="Something about butyrate."))
    seen = [result.url for page in range(1, 9) for result in search.find("butyrate", page=page).results]
    assert len(seen) == len(set(seen)) == 73
