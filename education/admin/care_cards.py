"""Care cards are edited on the page of their article, at most one for each level of urgency."""

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet

from education.models import CareCard
from gutskin.edit_conflicts import LineEndsMixin


class CareCardFormSet(BaseInlineFormSet):
    """Matches a posted card to a stored one by its level, and by its primary key only if no other card has that level.

    After saving over a colleague's version, the form holds keys of cards that may have been deleted. Django would
    reject them, and what the author typed could never be saved. Matching by level also lets two cards swap levels.
    """

    def __init__(self, data=None, files=None, instance=None, **kwargs):
        prefix = kwargs.pop("prefix", None) or self.get_default_prefix()
        if data is not None and instance is not None and instance.pk and f"{prefix}-TOTAL_FORMS" in data:
            data = renumbered(data, prefix, dict(instance.care_cards.values_list("level", "pk")))
        super().__init__(data, files, instance=instance, prefix=prefix, **kwargs)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Django's ModelChoiceField would fetch each card again; renumbered() has already checked every key.
        form.fields["id"] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=form.instance.pk)


class CareCardForm(LineEndsMixin, forms.ModelForm):
    class Meta:
        model = CareCard
        fields = ["level", "heading", "items", "advice"]
        widgets = {
            "heading": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "items": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "advice": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }


class CareCardInline(admin.StackedInline):
    model = CareCard
    form = CareCardForm
    formset = CareCardFormSet
    # One empty card: without JavaScript there is no button to add one. Left empty, it is not saved.
    extra = 1
    max_num = len(CareCard.Level)


def renumbered(data, prefix, pk_by_level):
    """The posted data with each row given the primary key of the card it now describes; new cards come last.

    Django's formset expects the rows of existing cards first, and counts them in INITIAL_FORMS.
    """
    rows = _rows(data, prefix)
    remaining = [row for row in rows if not row.get("DELETE")]
    _assign_cards(rows, remaining, pk_by_level)
    # Rows to be deleted stay among the existing ones: the formset deletes what it finds there.
    existing = [row for row in rows if row.get("card")]
    added = [row for row in remaining if not row["card"]]

    result = data.copy()
    for name in [name for name in result if name.startswith(f"{prefix}-") and name.split("-")[1].isdecimal()]:
        del result[name]
    for index, row in enumerate(existing + added):
        for name, value in row.items():
            if name not in {"id", "card"}:
                result[f"{prefix}-{index}-{name}"] = value
        result[f"{prefix}-{index}-id"] = row["card"]
    result[f"{prefix}-TOTAL_FORMS"] = str(len(existing) + len(added))
    result[f"{prefix}-INITIAL_FORMS"] = str(len(existing))
    return result


def _assign_cards(rows, remaining, pk_by_level):
    """Sets `card` of each row: first by level, then, for rows still without one, by the key that was posted."""
    free = {str(pk) for pk in pk_by_level.values()}
    for row in remaining:
        pk = str(pk_by_level.get(row.get("level"), ""))
        row["card"] = pk if pk in free else ""
        free.discard(pk)
    for row in rows:
        if not row.get("card") and row.get("id") in free:
            row["card"] = row["id"]
            free.discard(row["id"])


def _rows(data, prefix):
    rows = {}
    for name in data:
        start, _, rest = name.partition("-")
        index, _, field = rest.partition("-")
        if start == prefix and index.isdecimal():
            rows.setdefault(int(index), {})[field] = data[name]
    return [rows[index] for index in sorted(rows)]
