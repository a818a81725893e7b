"""Answers made only of characters that no one can see count as empty.

Django strips spaces. But a required answer could still consist of a zero-width space (U+200B), a soft hyphen (U+00AD),
a Hangul filler (U+3164) or marks for the direction of a text. They come along in a paste, or get someone past a form.
"""

import unicodedata

from django import forms

# Controls, formats (zero-width characters, bidirectional marks, tags) and every kind of space.
UNSEEN_CATEGORIES = {"Cc", "Cf", "Zs", "Zl", "Zp"}
# Letters, symbols and marks that are drawn as nothing: Unicode's other “default ignorable” characters, an empty
# braille pattern and a musical note without a head.
UNSEEN = {
    *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159",
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}


def is_visible(text: str) -> bool:
    """Does the text have a character that leaves a mark on the screen?"""
    return any(letter not in UNSEEN and unicodedata.category(letter) not in UNSEEN_CATEGORIES for letter in text)


class VisibleTextMixin:
    """For a Form; goes before `forms.Form` in the list of bases. Its texts are empty if nothing in them can be seen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                # The fields of a form are its own copies.
                field.to_python = _empty_unless_visible(field.to_python)


def _empty_unless_visible(to_python):
    return lambda value: to_python("" if isinstance(value, str) and not is_visible(value) else value)
