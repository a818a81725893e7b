"""What XML 1.0 cannot hold, not even escaped: one such character, pasted from a PDF, and no program reads the file."""

import re

# w3.org/TR/xml, section 2.2, production Char
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return UNWRITABLE.sub("", str(text))
