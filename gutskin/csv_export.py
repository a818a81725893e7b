"""CSV export. Spreadsheet programs take some texts for formulas and run them (OWASP: CSV injection), so cells are made
safe first."""

import csv
import io
import re
from collections.abc import Iterable

# The full-width signs too, which some spreadsheets read as the plain ones, after any spaces and quotation marks.
BLANKS = r"[\s\"\u200b-\u200f\u2060\ufeff]*"
FORMULA = re.compile(rf"{BLANKS}[=+\-@＝＋－＠]|[\t\r\n]")
# In countries with a decimal comma, spreadsheets split a file at semicolons, even within quotes.
INNER_FORMULA = re.compile(rf"(?<=;)(?={BLANKS}[=+\-@＝＋－＠])")


def safe_cell(value) -> str:
    """The value as text, with an apostrophe before anything that a spreadsheet would calculate."""
    text = INNER_FORMULA.sub("'", str(value))
    return f"'{text}" if FORMULA.match(text) else text


def csv_text(columns: Iterable, rows: Iterable[Iterable]) -> str:
    """A CSV table (RFC 4180) after a byte order mark, without which Excel garbles accents."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([safe_cell(name) for name in columns])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()
