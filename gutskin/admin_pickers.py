"""Fields of admin that search rows instead of listing them (Select2): their names for a row, and what they need.

A ModelAdmin may define `choice_label(obj)`; the pickers that lead to its model show it, wherever they are.
"""

from django.contrib.admin import site
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper


def choice_label(obj, admin_site=site) -> str:
    """What tells a row from others like it; what it is called elsewhere may be a key alone."""
    name = getattr(admin_site._registry.get(type(obj)), "choice_label", str)
    return str(name(obj))


class LabelledAutocomplete(AutocompleteJsonView):
    """Answers what was typed into a picker."""

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": choice_label(obj, self.admin_site)}


class LabelledPickers:
    """The part of a ModelAdmin or an inline that shows what is already chosen as the pickers do."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return _labelled(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return _labelled(super().formfield_for_manytomany(db_field, request, **kwargs))


class PickersNeedScript:
    """The part of a ModelAdmin that names the fields in which a user without a script can choose nothing."""

    def render_change_form(self, request, context, *args, **kwargs):
        shown = [context["adminform"].form, *(inline.formset.empty_form for inline in _addable(context))]
        pickers = [field.label for form in shown for field in form.fields.values() if _is_picker(field.widget)]
        context["pickers"] = list(dict.fromkeys(map(str, pickers)))
        return super().render_change_form(request, context, *args, **kwargs)


def _addable(context):
    return [inline for inline in context["inline_admin_formsets"] if inline.has_add_permission]


def _labelled(field):
    if field is not None:
        field.label_from_instance = choice_label
    return field


def _is_picker(widget):
    return isinstance(widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget, AutocompleteMixin)
