import re

import pytest

from education.rendering import link_glossary_words, plain_text, render_body
from education.sanitiser import sanitise


def test_citations_are_numbered_in_order_of_appearance_and_link_both_ways():
    rendered = render_body(
        '<p>One.<cite data-ref="zhao2025"></cite> Two.<cite data-ref="ko2019"></cite> Again.'
        '<cite data-ref="zhao2025"></cite></p>'
    )

    assert rendered.reference_keys == ["zhao2025", "ko2019"]
    assert 'id="cite-1-1" href="#ref-1"' in rendered.html
    assert 'id="cite-2-1" href="#ref-2"' in rendered.html
    assert 'id="cite-1-2" href="#ref-1"' in rendered.html


def test_a_locator_follows_the_number():
    rendered = render_body('<p>Said.<cite data-ref="ko2019" data-locator="p. 4"></cite></p>')

    assert ">[1, p. 4]</a>" in rendered.html


def test_headings_with_the_same_words_get_different_anchors():
    rendered = render_body("<h2>What to do</h2><p>a</p><h2>What to do</h2><h3>At <em>home</em></h3>")

    assert [entry["id"] for entry in rendered.contents] == ["what-to-do", "what-to-do-2", "at-home"]
    assert [entry["level"] for entry in rendered.contents] == [2, 2, 3]
    assert '<h3 id="at-home">At <em>home</em></h3>' in rendered.html


def test_a_heading_in_another_script_has_an_anchor_too():
    rendered = render_body("<h2>الجلد</h2><h2>!?</h2>")

    assert [entry["id"] for entry in rendered.contents] == ["الجلد", "section"]


def test_a_glossary_word_is_a_link_and_a_hidden_button():
    rendered = render_body('<p>The <dfn data-term="skin-barrier">skin <em>barrier</em></dfn>.</p>')

    assert rendered.glossary_slugs == ["skin-barrier"]
    assert 'popovertarget="term-skin-barrier" hidden>skin <em>barrier</em></button>' in rendered.html
    assert 'href="/glossary/skin-barrier/">skin <em>barrier</em></a>' in rendered.html


def test_for_readers_a_glossary_word_is_one_link():
    html = render_body(
        '<p>A <dfn data-term="gut">gut <em>wall</em></dfn>, a <dfn data-term="cell">cell</dfn>.</p>'
    ).html

    linked = link_glossary_words(html, "/conditions/acne/more/")

    assert linked.count("gut <em>wall</em>") == linked.count(">cell<") == 1
    assert '<dfn><a class="term" href="/conditions/acne/more/#gut">gut <em>wall</em></a></dfn>' in linked
    assert "<button" not in linked


def test_punctuation_stays_with_its_glossary_word():
    rendered = render_body('<p>Cells (<dfn data-term="keratinocyte">these</dfn>), and <dfn data-term="a">b</dfn> c</p>')

    assert re.search(r'Cells <span class="keep">\(<dfn>.+?</dfn>\),</span> and <dfn>', rendered.html)


def test_text_is_escaped_again_on_the_way_out():
    rendered = render_body("<p>5 &lt; 6 &amp; 7</p>")

    assert rendered.html == "<p>5 &lt; 6 &amp; 7</p>"


def test_plain_text_has_no_citations_and_a_line_for_each_block():
    text = plain_text('<h2>Title</h2><p>One <strong>two</strong>.<cite data-ref="x">[9]</cite></p><ul><li>a</li></ul>')

    assert text == "Title\nOne two.\na"


def test_sanitising_removes_what_the_editor_does_not_offer():
    dirty = (
        '<h2 onclick="x()" style="color:red">Hi</h2><script>alert(1)</script><p class="a">'
        '<a href="javascript:alert(1)">a</a><a href="https://example.org" target="_blank">b</a>'
        '<img src=x onerror=alert(1)><cite data-ref="ko2019" onmouseover="x">z</cite></p><!-- c --><style>p{}</style>'
    )

    assert sanitise(dirty) == (
        '<h2>Hi</h2><p><a>a</a><a href="https://example.org">b</a><cite data-ref="ko2019">z</cite></p>'
    )


def test_an_empty_paragraph_is_removed():
    assert sanitise("<p></p>") == ""
    assert sanitise("<p><br></p><p></p>") == ""


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "\\\\evil.example", " //evil.example", "/\t/evil.example"]
)
def test_another_host_is_not_taken_for_our_own(address):
    assert sanitise(f'<p><a href="{address}">Read on</a></p>') == "<p><a>Read on</a></p>"


def test_links_to_our_own_pages_are_kept():
    html = '<p><a href="/glossary/#biopsy">a</a> <a href="https://example.org//b">b</a></p>'
    assert sanitise(html) == html
