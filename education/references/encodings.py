"""The letters of a file that does not say how they are encoded: recognised where that is certain, or else guessed."""

import codecs
import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.references.exceptions import Unreadable

ROW_OF_LETTERS = re.compile(rb"[\x80-\xff]{4,}")
BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# In the order in which they are preferred where nothing speaks for one of them. Latin-1 decodes anything.
SINGLE = ["cp1252", "cp1250", "mac_roman", "latin-1"]
IN_ROWS = ["cp1251", "cp1253", "koi8-r", "euc_kr", "gb18030", "shift_jis", "cp1252", "latin-1"]
LABELS = {
    "utf-8": _lazy("Unicode (UTF-8)"),
    "cp1252": _lazy("Western European (Windows-1252)"),
    "cp1250": _lazy("Central European (Windows-1250)"),
    "cp1254": _lazy("Turkish (Windows-1254)"),
    "cp1251": _lazy("Cyrillic (Windows-1251)"),
    "koi8-r": _lazy("Cyrillic (KOI8-R)"),
    "cp1253": _lazy("Greek (Windows-1253)"),
    "mac_roman": _lazy("Western European (Mac)"),
    "gb18030": _lazy("Chinese (GB 18030)"),
    "shift_jis": _lazy("Japanese (Shift JIS)"),
    "euc_kr": _lazy("Korean (EUC-KR)"),
    "latin-1": _lazy("Western European (ISO 8859-1)"),
}
LETTER = re.compile(r"[^\x00-\x7f]")
IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
BETWEEN_WORDS = "“”‘’„‚«»‹›–—…·•§©®™°±×÷µ£€¿¡†‡\u00a0\u00ad"
MOST_LETTERS_COMPARED = 5_000


def decode(content: bytes, encoding: str = "") -> str:
    """The text of a file, in `encoding` if a person chose one of LABELS, else as recognised or guessed.

    Raises Unreadable if it is not text, or not in that encoding.
    """
    for candidate in [encoding] if encoding else _candidates(content):
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if encoding:
        raise Unreadable(_("The letters of this file are not encoded like that. Choose another encoding."))
    raise Unreadable(_("This is not a text file. Export the references as RIS, BibTeX, CSL-JSON or MEDLINE."))


def guessed_encoding(content: bytes) -> str:
    """The name of the encoding that `decode` guesses; "" if the file says it, or has ASCII or UTF-8 only."""
    candidates = _candidates(content)
    return candidates[0] if len(candidates) > 1 else ""


def _candidates(content):
    """One encoding if it is certain, or several, the likeliest first."""
    if encoding := next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), ""):
        return [encoding]
    # Without a mark, a zero in every second byte means UTF-16, as some Windows programs write it.
    if content[1:200:2].count(0) > 20:
        return ["utf-16-le"]
    if content[:200:2].count(0) > 20:
        return ["utf-16-be"]
    try:
        content.decode()
    except UnicodeDecodeError:
        return sorted(_guesses(content), key=lambda name: _strangeness(content, name))
    return ["utf-8"]


def _guesses(content):
    """Russian, Greek and Chinese words are rows of letters beyond ASCII; in western languages they are single."""
    beyond, in_rows = sum(byte > 127 for byte in content), sum(map(len, ROW_OF_LETTERS.findall(content)))
    return IN_ROWS if in_rows > beyond / 2 else SINGLE


def _strangeness(content, encoding):
    """How much in the decoded text no one would write: signs within a word, a capital after a small letter.

    “MŸller” and “Œwi¹d” are strange, and so are ideographs in Korean and rare ones in Chinese.
    """
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return float("inf")
    found = 0
    for number, match in enumerate(LETTER.finditer(text)):
        if number == MOST_LETTERS_COMPARED:
            break
        letter, before, after = (
            match[0],
            text[max(match.start() - 1, 0) : match.start()],
            text[match.end() : match.end() + 1],
        )
        if letter.isupper() and (before.islower() or (after.islower() and before.isupper())):
            found += 2
        elif not letter.isalpha() and letter != "’" and (letter not in BETWEEN_WORDS or _joins(before, after)):
            found += 1 if letter.isprintable() else 3
        elif (encoding == "gb18030" and not _is_in(letter, "gb2312")) or (
            encoding == "euc_kr" and IDEOGRAPH.match(letter)
        ):
            found += 1
    return found


def _joins(before, after):
    return before.isalpha() and after.isalpha()


def _is_in(letter, encoding):
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
