"""Did another site send this request? The lenient check and the strict one."""

import pytest

from gutskin.cross_site import is_cross_site, is_same_origin


@pytest.mark.parametrize(
    ("headers", "cross_site", "same_origin"),
    [
        ({}, False, False),
        ({"Sec-Fetch-Site": "same-origin"}, False, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False, True),
        ({"Sec-Fetch-Site": "none"}, False, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, True, False),
        ({"Sec-Fetch-Site": "cross-site"}, True, False),
        ({"Origin": "http://testserver"}, False, True),
        ({"Origin": "https://evil.example"}, True, False),
        ({"Origin": "http://testserver.evil.example"}, True, False),
        ({"Origin": "null"}, True, False),
        ({"Origin": "http://["}, True, False),
        # Browsers from before 2020 send no Origin with a form.
        ({"Referer": "https://evil.example/page"}, True, False),
        ({"Referer": "http://testserver/consult/"}, False, False),
    ],
)
def test_the_browser_says_where_a_request_comes_from(rf, headers, cross_site, same_origin):
    request = rf.post("/consult/", headers=headers)
    assert (is_cross_site(request), is_same_origin(request)) == (cross_site, same_origin)
