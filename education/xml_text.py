"""Text without markup: characters that XML 1.0 forbids, and raised or lowered digits that must keep their meaning.

A forbidden character, pasted from a PDF, makes a whole feed unreadable even when it is escaped.
"""

import html
import re

# w3.org/TR/xml, section 2.2, production Char
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ANY_TAG = re.compile(r"<[^<>]*>")
# HTML and JATS: <sup>9</sup>, <jats:sup>9</jats:sup>.
SCRIPT = re.compile(r"<(?:\w+:)?(su[bp])\b[^<>]{0,200}>(.{0,200}?)</(?:\w+:)?\1\s*>", re.IGNORECASE | re.DOTALL)
# A tag that is never closed: 10<sup>9 CFU.
OPEN_SCRIPT = re.compile(r"<(?:\w+:)?(su[bp])\b[^<>]{0,200}>\s*([-+\u2212\d]{1,4})(?![\w.,])", re.IGNORECASE)
# MathML: <msup><mn>10</mn><mn>9</mn></msup>. What is raised comes second; the first may be empty.
# It ends before another formula begins, or many that are never closed would each be read to the end.
MATH = re.compile(r"<(?:\w+:)?math\b(?:(?!<(?:\w+:)?math\b).){0,2000}?</(?:\w+:)?math\s*>", re.IGNORECASE | re.DOTALL)
AROUND_TAGS = re.compile(r"\s*(<[^<>]*>)\s*")
CHILD = r"(<(?:\w+:)?(m\w+)\b[^<>]{{0,100}}(?:/>|>.{{0,200}}?</(?:\w+:)?\{}\s*>))"
MATH_SCRIPT = re.compile(
    rf"<(?:\w+:)?m(su[bp])\b[^<>]{{0,100}}>{CHILD.format(3)}{CHILD.format(5)}</(?:\w+:)?m\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
# LaTeX: $10^{9}$, 10$^9$, D$_{\textrm{3}}$. Two amounts in dollars have a space before the second sign.
LATEX = re.compile(r"(?<!\\)\$(?=\S)([^$\n]{1,80})(?<=\S)\$(?!\d*[.,]\d)|\\\(([^$\n]{1,80}?)\\\)")
LATEX_SCRIPT = re.compile(r"([_^])\s*(?:\{((?:[^{}]|\{[^{}]*\}){0,40})\}|([^\s\\{}_^]))")
LATEX_TEXT_SCRIPT = re.compile(r"\\text(sub|super)script\s*\{((?:[^{}]|\{[^{}]*\}){0,40})\}")
LATEX_FONT = re.compile(r"\\(?:textrm|textbf|textit|mathrm|mathbf|mathit|text|rm|mbox|hbox)\s*\{?([^{}]*)\}?")
RAISED = str.maketrans("0123456789+-\u2212\u2013=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
LOWERED = str.maketrans("0123456789+-\u2212\u2013=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")


def with_raised_digits(text: str) -> str:
    """10<sup>9</sup> as 10⁹, so that without its tags it is not 109; the same for JATS, MathML and LaTeX.

    What has no raised or lowered form stays as it is (TH17), or after a ^ if a digit would run into the one before it.
    """
    if "$" in text or "\\" in text:
        text = LATEX.sub(_from_latex, LATEX_TEXT_SCRIPT.sub(_from_text_script, text))
    if "math" in text:
        text = MATH.sub(_from_math, text)
    for pattern in (SCRIPT, OPEN_SCRIPT):
        text = pattern.sub(lambda match: _script(match[1], match[2]), text)
    return text


def _script(kind, content):
    text = html.unescape(ANY_TAG.sub("", content)).replace("\u2009", " ").strip()
    table = RAISED if kind.lower() == "sup" else LOWERED
    if all(ord(character) in table for character in text):
        return text.translate(table)
    mark = "^" if kind.lower() == "sup" and any(character.isdecimal() for character in text) else ""
    # As it was written, since it may be part of HTML.
    return mark + ANY_TAG.sub("", content).strip()


def _from_math(match):
    math = AROUND_TAGS.sub(r"\1", match[0])
    return MATH_SCRIPT.sub(lambda found: f"{found[2]}<{found[1]}>{found[4]}</{found[1]}>", math)


def _from_latex(match):
    content = match[1] or match[2]
    if "_" not in content and "^" not in content:
        return match[0]
    plain = LATEX_FONT.sub(r"\1", LATEX_SCRIPT.sub(_from_latex_script, content))
    # What is left of a formula, such as \beta, is decoded with it.
    return f"${plain}$" if "\\" in plain else plain.replace("{", "").replace("}", "")


def _from_latex_script(match):
    content = LATEX_FONT.sub(r"\1", match[2] or match[3] or "").replace("{", "").replace("}", "")
    return _script("sup" if match[1] == "^" else "sub", content)


def _from_text_script(match):
    content = LATEX_FONT.sub(r"\1", match[2]).replace("{", "").replace("}", "")
    return _script("sup" if match[1] == "super" else "sub", content)


def writable(text) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return UNWRITABLE.sub("", str(text))
