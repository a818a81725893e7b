"""Characters that XML 1.0 forbids even when escaped. One of them, pasted from a PDF, makes a whole feed unreadable."""

import re

# w3.org/TR/xml, section 2.2, production Char
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return UNWRITABLE.sub("", str(text))
