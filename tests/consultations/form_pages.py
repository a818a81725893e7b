"""What a browser reads in the pages of the form, to send it again."""

import re


def csrf_token_in(html):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]


def advice_read_on(response):
    """What the button below the advice says to the server."""
    return re.search(r'name="advice_read" value="(\w+)"', response.content.decode())[1]
