"""What a browser takes from the pages of the form to send it again."""

import re


def csrf_token_in(html):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]


def advice_read_on(response):
    """The value that the button on the advice page sends."""
    return re.search(r'name="advice_read" value="(\w+)"', response.content.decode())[1]
