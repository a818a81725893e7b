"""Text without markup: characters that XML 1.0 forbids, and raised or lowered digits that must keep their meaning.

A forbidden character, pasted from a PDF, makes a whole feed unreadable even when it is escaped.
"""

import re

# w3.org/TR/xml, section 2.2, production Char
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


SCRIPT = re.compile(r"<(?:\w+:)?(su[bp])\b[^<>]*>\s*([^<>]{1,20}?)\s*</(?:\w+:)?\1>", re.IGNORECASE)
SCRIPTS = {
    "sup": str.maketrans("0123456789+-\u2212=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾"),
    "sub": str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}


def with_raised_digits(html: str) -> str:
    """10<sup>9</sup> as 10⁹, so that without its tags it is not 109."""
    return SCRIPT.sub(_raised_or_lowered, html)


def _raised_or_lowered(match):
    kind, text = match[1].lower(), match[2]
    if all(ord(character) in SCRIPTS[kind] for character in text):
        return text.translate(SCRIPTS[kind])
    return f"^{text}" if kind == "sup" and text[0].isdecimal() else text


def writable(text) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return UNWRITABLE.sub("", str(text))
