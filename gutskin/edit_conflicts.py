"""Edit conflicts (lost updates): two people have one record open in admin, and both save.

The form carries a version of what it showed. If another one is stored when it comes back, nothing is overwritten: the
second person is told who saved what and when, keeps what they typed, and may save it in place of the other.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.digests import keyed_digest
from gutskin.visible_text import VisibleTextMixin

# Between the digest of the values and the moment at which the page was opened.
SEPARATOR = "@"


@dataclass(frozen=True)
class NewerVersion:
    """What was saved while the form was open. `by` and `what` are empty if there is no log entry."""

    version: str
    when: datetime | None
    by: str = ""
    what: str = ""


class VersionField(forms.CharField):
    """Hidden, and never a change of the record."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class LineEndsMixin(VisibleTextMixin):
    """For a ModelForm in admin; goes before it in the list of bases. A text is not changed by its line ends alone.

    Browsers send each line break as two characters, and Django strips white space from the ends. Without this, Django
    would name each text of more than one line as changed, whatever was edited.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.to_python = _with_plain_line_ends(field.to_python)
                field.has_changed = _but_for_line_ends(field.has_changed, field.strip)


class VersionedFormMixin(LineEndsMixin, forms.Form):
    """For a ModelForm in admin; goes before it in the list of bases. Its ModelAdmin needs EditConflictMixin.

    `version` is what was stored when the page was opened; `replaces_version` the newer one that the user has read and
    chose to replace.
    """

    version = VersionField(required=False)
    replaces_version = VersionField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.newer = None
        if self.instance.pk:
            # Before anything is typed into the instance.
            self.current_version = self.stored_version()
            self.initial["version"] = f"{self.current_version}{SEPARATOR}{int(timezone.now().timestamp())}"

    def clean(self):
        data = super().clean()
        if self.instance.pk and self.seen_version != self.current_version:
            self.newer = self.find_newer()
            self.add_error(None, _lazy("Someone else saved this after you opened it."))
        return data

    @property
    def seen_version(self) -> str:
        seen = self.cleaned_data.get("replaces_version") or self.cleaned_data.get("version") or ""
        return seen.partition(SEPARATOR)[0]

    def stored_version(self) -> str:
        """A digest of the stored values of the fields that this form would overwrite."""
        names = sorted(self.fields.keys() & self.initial.keys() - VersionedFormMixin.base_fields.keys())
        values = json.dumps({name: _plain(self.initial[name]) for name in names}, default=str)
        # Keyed, because one of the values may be a password's hash.
        return keyed_digest("edit-version", values)[:32]

    def find_newer(self) -> NewerVersion:
        """Who saved the stored version, from Django's log of changes."""
        opened = (self.cleaned_data.get("version") or "").partition(SEPARATOR)[2]
        entry = LogEntry.objects.filter(
            content_type__app_label=self.instance._meta.app_label,
            content_type__model=self.instance._meta.model_name,
            object_id=str(self.instance.pk),
            action_time__gte=_moment(opened),
        )
        entry = entry.select_related("user").order_by("-action_time", "-pk").first()
        if entry is None:
            # A command, such as the nightly check of the references.
            return NewerVersion(self.current_version, None)
        return NewerVersion(self.current_version, entry.action_time, str(entry.user), entry.get_change_message())


class VersionedForm(VersionedFormMixin, forms.ModelForm):
    """For a ModelAdmin without a form of its own. It must name its fields."""


class EditConflictMixin:
    """For a ModelAdmin whose form is versioned: of two who save at once, the second reads what the first has saved."""

    def get_queryset(self, request):
        """Locks the row that is being saved. On SQLite, whose transactions have one write lock, this does nothing."""
        rows = super().get_queryset(request)
        # Pages look at the object before Django begins the transaction in which it reads it again and saves it.
        is_saving = request.method == "POST" and transaction.get_connection().in_atomic_block
        name = request.resolver_match.url_name if request.resolver_match else None
        return rows.select_for_update(of=["self"]) if is_saving and (name or "").endswith("_change") else rows


def _with_plain_line_ends(to_python):
    return lambda value: to_python(_plain_line_ends(value))


def _but_for_line_ends(has_changed, strip):
    def changed(initial, data):
        initial = _plain_line_ends(initial)
        return has_changed(initial.strip() if strip and isinstance(initial, str) else initial, data)

    return changed


def _plain_line_ends(value):
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _plain(value):
    """A value of a form as JSON can hold it; rows of other tables by their primary keys."""
    if isinstance(value, list | tuple):
        return sorted((_plain(each) for each in value), key=str) if _has_rows(value) else list(value)
    return value.pk if isinstance(value, Model) else value


def _has_rows(values):
    return any(isinstance(value, Model) for value in values)


def _moment(text):
    """When the page was opened; long ago if the form does not say."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else 0
    return datetime.fromtimestamp(number, UTC)
