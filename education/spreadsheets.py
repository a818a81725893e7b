"""Text for spreadsheets, which take some texts for formulas and run them (OWASP, CSV injection)."""

import re

# The full-width forms too, which some spreadsheets read as the plain ones, and whatever blank stands before the sign.
FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


def safe_cell(value) -> str:
    """The value as text; with an apostrophe before it where a spreadsheet would begin to calculate."""
    text = str(value)
    return f"'{text}" if FORMULA.match(text) else text
