"""CSV export. Spreadsheet programs take some texts for formulas and run them (OWASP: CSV injection), so cells are made
safe first."""

import csv
import io
import re
from collections.abc import Iterable

# The full-width forms too, which some spreadsheets read as the plain ones, and whatever blank or quotation mark stands
# before the sign.
BLANKS = r"[\s\"\u200b-\u200f\u2060\ufeff]*"
FORMULA = re.compile(rf"{BLANKS}[=+\-@＝＋－＠]|[\t\r\n]")
# Where numbers have a decimal comma, spreadsheets divide a file at semicolons, within quotes too.
INNER_FORMULA = re.compile(rf"(?<=;)(?={BLANKS}[=+\-@＝＋－＠])")


def safe_cell(value) -> str:
    """The value as text; with an apostrophe before it where a spreadsheet would begin to calculate."""
    text = INNER_FORMULA.sub("'", str(value))
    return f"'{text}" if FORMULA.match(text) else text


def csv_text(columns: Iterable, rows: Iterable[Iterable]) -> str:
    """A table in the form of RFC 4180, after a byte order mark: without it Excel garbles accents."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([safe_cell(name) for name in columns])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()
