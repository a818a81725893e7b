"""Text for spreadsheets, which take some texts for formulas and run them (OWASP, CSV injection)."""

import re

# The full-width forms too, which some spreadsheets read as the plain ones, and whatever blank stands before the sign.
BLANKS = r"[\s\u200b-\u200f\u2060\ufeff]*"
FORMULA = re.compile(rf"{BLANKS}[=+\-@＝＋－＠]|[\t\r\n]")
# Where numbers have a decimal comma, spreadsheets divide a file at semicolons, within quotes too.
INNER_FORMULA = re.compile(rf"(?<=;)(?={BLANKS}[=+\-@＝＋－＠])")


def safe_cell(value) -> str:
    """The value as text; with an apostrophe before it where a spreadsheet would begin to calculate."""
    text = INNER_FORMULA.sub("'", str(value))
    return f"'{text}" if FORMULA.match(text) else text
