from education.markdown import to_html


def test_a_citation_directly_follows_its_word():
    assert to_html("Results conflict [@petersen2019].") == (
        '<p>Results conflict<cite data-ref="petersen2019"></cite>.</p>\n'
    )


def test_several_citations_and_a_locator():
    html = to_html("So it is [@ko2019, p. 4; @zhu2024].")

    assert '<cite data-ref="ko2019" data-locator="p. 4"></cite><cite data-ref="zhu2024"></cite>' in html


def test_a_glossary_word_with_and_without_its_own_text():
    html = to_html("[[skin-barrier]] and [[dysbiosis|out of balance]]")

    assert '<dfn data-term="skin-barrier">skin barrier</dfn>' in html
    assert '<dfn data-term="dysbiosis">out of balance</dfn>' in html


def test_a_glossary_word_at_the_start_of_an_emphasised_text():
    assert '<strong><dfn data-term="butyrate">Butyrate</dfn></strong>' in to_html("**[[butyrate|Butyrate]]**")


def test_ordinary_links_stay_links():
    assert '<a href="/consult/">ask</a>' in to_html("[ask](/consult/)")


def test_html_in_markdown_is_text():
    assert "<script>" not in to_html("<script>alert(1)</script> **b**")
