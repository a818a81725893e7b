"""Care cards are edited on the page of their article, at most one of a level."""

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet

from education.models import CareCard


class CareCardFormSet(BaseInlineFormSet):
    """Finds a posted card again by its level, and by its number only where no other card has that level.

    Whoever saves over a colleague's version holds numbers of cards that may be gone; what they typed could never be
    saved. It also lets two cards swap their levels.
    """

    def __init__(self, data=None, files=None, instance=None, **kwargs):
        prefix = kwargs.pop("prefix", None) or self.get_default_prefix()
        if data is not None and instance is not None and instance.pk and f"{prefix}-TOTAL_FORMS" in data:
            data = numbered_anew(data, prefix, dict(instance.care_cards.values_list("level", "pk")))
        super().__init__(data, files, instance=instance, prefix=prefix, **kwargs)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Django's own field would fetch each card again, and numbered_anew knows them all.
        form.fields["id"] = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CareCardForm(forms.ModelForm):
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
    # One empty card: without a script there is no button to add one. Left empty, it is not saved.
    extra = 1
    max_num = len(CareCard.Level)


def numbered_anew(data, prefix, pk_by_level):
    """The posted data with each row under the number of the card it stands for now; new ones come last."""
    rows = _rows(data, prefix)
    kept = [row for row in rows if not row.get("DELETE")]
    free = {str(pk) for pk in pk_by_level.values()}
    for row in kept:
        pk = str(pk_by_level.get(row.get("level"), ""))
        row["card"] = pk if pk in free else ""
        free.discard(pk)
    for row in rows:
        if not row.get("card") and row.get("id") in free:
            row["card"] = row["id"]
            free.discard(row["id"])
    existing = [row for row in rows if row.get("card")]
    added = [row for row in kept if not row["card"]]

    anew = data.copy()
    for name in [name for name in anew if name.startswith(f"{prefix}-") and name.split("-")[1].isdecimal()]:
        del anew[name]
    for index, row in enumerate(existing + added):
        for name, value in row.items():
            if name not in {"id", "card"}:
                anew[f"{prefix}-{index}-{name}"] = value
        anew[f"{prefix}-{index}-id"] = row["card"]
    anew[f"{prefix}-TOTAL_FORMS"] = str(len(existing) + len(added))
    anew[f"{prefix}-INITIAL_FORMS"] = str(len(existing))
    return anew


def _rows(data, prefix):
    rows = {}
    for name in data:
        start, _, rest = name.partition("-")
        index, _, field = rest.partition("-")
        if start == prefix and index.isdecimal():
            rows.setdefault(int(index), {})[field] = data[name]
    return [rows[index] for index in sorted(rows)]
