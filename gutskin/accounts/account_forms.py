"""The forms of an account in admin: adding one, which invites a person, and changing one."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _lazy

from gutskin.edit_conflicts import VersionedFormMixin


class StaffAddForm(VersionedFormMixin, forms.ModelForm):
    """Asks for no password: the person is invited by mail to choose one."""

    email = forms.EmailField(
        label=_lazy("E-mail address"),
        help_text=_lazy("An invitation goes there, with a link to choose a password. It works once, for seven days."),
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        label=_lazy("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("What this person does. Without a role, no page opens after the login."),
    )

    class Meta:
        model = get_user_model()
        fields = ["username", "first_name", "last_name", "email", "groups"]
        help_texts = {
            "username": _lazy("The audit log knows people by this name, so it stays for good. For example: ruth.weber")
        }

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


class StaffChangeForm(VersionedFormMixin, UserChangeForm):
    pass
