"""The HTML for paper and the QR code, without a database."""

import re

from education.leaflets.html import for_paper, qr_code


def test_a_body_for_paper_has_no_buttons_and_absolute_links():
    body = (
        '<p>Your <span class="keep">(<dfn><button type="button" class="term" popovertarget="term-x" hidden>gut</button>'
        '<a class="term" href="/glossary/#x">gut</a></dfn>).</span><br>'
        '<a class="citation" id="cite-1-1" href="#ref-1" aria-label="Reference [1]">[1]</a> '
        '<a href="/therapies/diet/">diet</a> 1 &lt; 2 &amp; 3</p>'
    )

    assert for_paper(body, "https://gutskin.example/conditions/acne/") == (
        '<p>Your <span class="keep">(<dfn>gut</dfn>).</span><br>'
        '<a class="citation" id="cite-1-1" href="#ref-1">[1]</a> '
        '<a href="https://gutskin.example/therapies/diet/">diet</a> 1 &lt; 2 &amp; 3</p>'
    )


def test_the_qr_code_is_drawn_with_its_quiet_zone():
    code = qr_code("https://gutskin.example/conditions/acne/")

    runs = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code["path"])]
    assert len(runs) == code["path"].count("M")
    squares = {(x + further, y) for x, y, width in runs for further in range(width)}
    assert code["size"] == 29 + 2 * 4
    assert {min(x for x, y in squares), min(y for x, y in squares)} == {4}
    # The finder pattern in the corner: seven dark modules side by side.
    assert [(x, 4) in squares for x in range(4, 12)] == [True] * 7 + [False]
