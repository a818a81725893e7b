"""Characters that no database stores are taken out of a form, and the user is told."""

from django import forms
from django.http import QueryDict

from gutskin.storable_text import HAD_UNREADABLE, HAD_UNSTORABLE, StorableTextMixin, without_unstorable


class LetterForm(StorableTextMixin, forms.Form):
    fields_repaired_silently = frozenset({"key"})
    key = forms.CharField(required=False)
    text = forms.CharField(max_length=10)


def bound(**values):
    data = QueryDict(mutable=True)
    data.update(values)
    return LetterForm(data)


def test_the_text_comes_back_without_them_and_with_an_error():
    form = bound(text="Why\0 me?\ud800")
    assert form.errors == {"text": [HAD_UNSTORABLE]}
    assert form.data["text"] == "Why me?"


def test_bytes_that_are_not_utf8_are_taken_out_with_an_error_of_their_own():
    form = LetterForm(QueryDict(b"text=Why%ED%A0%80+me?"))
    assert form.errors == {"text": [HAD_UNREADABLE]}
    assert form.data["text"] == "Why me?"


def test_a_hidden_field_is_repaired_silently():
    form = bound(key="a\0b", text="Why me?")
    assert form.is_valid()
    assert form.cleaned_data["key"] == "ab"


def test_another_error_of_the_field_comes_first():
    assert bound(text="\0" + "x" * 11).errors["text"] != [HAD_UNSTORABLE]


def test_what_was_posted_is_not_changed():
    data = QueryDict("text=a%00b")
    LetterForm(data).is_valid()
    assert data["text"] == "a\0b"


def test_text_without_them_stays_as_it_is():
    assert without_unstorable("Größe 😀\n") == "Größe 😀\n"
