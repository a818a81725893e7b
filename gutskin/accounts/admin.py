"""Accounts and roles in admin: Django's own pages, with each change recorded in the audit log."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from gutskin.accounts import actions
from gutskin.accounts.account_forms import StaffAddForm, StaffChangeForm
from gutskin.accounts.factor_reset_admin import FactorResetAdmin
from gutskin.accounts.invitations import invite, send_invitations
from gutskin.accounts.models import FactorReset
from gutskin.accounts.roles import ROLES
from gutskin.accounts.story_rights import (
    leads_to_stories,
    privacy_watch,
    record_changed_watch,
    record_widening,
    story_rights,
)
from gutskin.audit.hash_chain import gained_and_lost, record, record_parts
from gutskin.audit.models import AuditEvent
from gutskin.edit_conflicts import EditConflictMixin, VersionedForm

# No one changes their own rights: otherwise a superuser could read every story without breaking the glass.
RIGHTS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")
# No one may read or edit the secrets and sessions of other users.
for _model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(_model)
admin.site.unregister([get_user_model(), Group])


@admin.register(get_user_model())
class StaffAdmin(EditConflictMixin, UserAdmin):
    form, add_form = StaffChangeForm, StaffAddForm
    # Not Django's, which speaks of a password that the colleague chooses for them.
    add_form_template = None
    add_fieldsets = [(None, {"fields": ["username", "first_name", "last_name", "email", "groups"]})]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_lazy("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_lazy("Rights"), {"fields": ["is_active", "is_superuser", "groups", "user_permissions"]}),
        (_lazy("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    actions = [send_invitations]
    list_display = ["username", "email", "first_name", "last_name", "is_staff", "is_active", "second_factor"]

    @admin.display(description=_lazy("second factor"), boolean=True, ordering="has_factor")
    def second_factor(self, user):
        return user.has_factor

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return super().get_queryset(request).annotate(has_factor=Exists(factors))

    def choice_label(self, user):
        name = f"{user.get_full_name()} ({user.get_username()})" if user.get_full_name() else user.get_username()
        return name if user.is_active else _("%(name)s, not active") % {"name": name}

    def get_readonly_fields(self, request, obj=None):
        # Set by the program: a reset of factors asks how old an account is, and a log-in must not look like an edit by
        # a colleague.
        fields = (*super().get_readonly_fields(request, obj), "last_login", "date_joined")
        if obj is None:
            return fields
        # The audit log knows people by their user name. If it could change, one person could be both of the two who
        # reset a factor.
        own = RIGHTS if obj.pk == request.user.pk else ()
        return (*fields, "username", *own)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        # Compared as objects, since one number can be written in several ways.
        if self.get_object(request, unquote(id)) == request.user:
            return redirect("account_change_password")
        return super().user_change_password(request, id, form_url)

    def save_model(self, request, user, form, change):
        user.watch_before, user.rights_before = privacy_watch(), set()
        if change:
            user.rights_before = story_rights(get_user_model().objects.get(pk=user.pk))
        super().save_model(request, user, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        _follow_rights(form.instance)
        form.instance.changes = gained_and_lost(
            _groups_and_permissions(form.initial), _groups_and_permissions(form.cleaned_data)
        )

    def log_addition(self, request, user, message):
        entry = super().log_addition(request, user, message)
        record_parts(
            AuditEvent.Action.ACCOUNT_CHANGED,
            by=request.user,
            about=f"account {user.get_username()}",
            parts=["added", *user.changes],
        )
        _tell_of(user, by=request.user)
        invite(user, by=request.user)
        return entry

    def response_add(self, request, obj, post_url_continue=None):
        # Not UserAdmin's, which goes on to the page of the account: here, the first page asks for all that is needed.
        return super(UserAdmin, self).response_add(request, obj, post_url_continue)

    def log_change(self, request, user, message):
        """Called by Django after every change to an account, inside its transaction, whether by form or by password."""
        entry = super().log_change(request, user, message)
        # A password is changed on a page of its own, which changes no rights.
        parts = [*_changed_fields(message), *getattr(user, "changes", [])]
        # Whatever changed, the user has to log in again and then has the current permissions.
        actions.end_sessions(user, keep=request.session.session_key)
        record_parts(
            AuditEvent.Action.ACCOUNT_CHANGED, by=request.user, about=f"account {user.get_username()}", parts=parts
        )
        _tell_of(user, by=request.user)
        return entry

    @transaction.atomic
    def delete_model(self, request, obj):
        self._delete(request, [obj], lambda: super(StaffAdmin, self).delete_model(request, obj))

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        self._delete(request, list(queryset), lambda: super(StaffAdmin, self).delete_queryset(request, queryset))

    @staticmethod
    def _delete(request, users, delete):
        """The events come last, since deleting a user also changes the requests that were assigned to them."""
        watch_before = privacy_watch()
        for user in users:
            actions.end_sessions(user)
        delete()
        for user in users:
            record(AuditEvent.Action.ACCOUNT_CHANGED, by=request.user, detail=f"account {user.get_username()}: deleted")
        record_changed_watch(_names_of("account", users), watch_before, by=request.user)


def _follow_rights(user):
    """A user with a role, or with a permission of their own, may enter admin. No one has to remember to say so."""
    user.is_staff = user.is_superuser or user.groups.exists() or user.user_permissions.exists()
    user.save(update_fields=["is_staff"])


def _tell_of(user, *, by):
    """Tells the privacy lead if a change of this account gave it, or its new password, a way to stories."""
    about = f"account {user.get_username()}"
    if hasattr(user, "rights_before"):
        record_widening(about, story_rights(user) - user.rights_before, by=by, before=user.watch_before)
        record_changed_watch(about, user.watch_before, by=by)
    else:
        # From the page of the password, which saves nothing else.
        record_widening(about, ["new password"], by=by)


def _names_of(kind, objects):
    return ", ".join(f"{kind} {one}" for one in objects)


def _groups_and_permissions(values):
    """The groups in the values of a form, and the permissions given to this account alone."""
    groups = {f"group {group.name}" for group in values.get("groups", [])}
    return groups | code_names(values.get("user_permissions", []))


def _changed_fields(message):
    """The names of fields in what Django writes for its own log."""
    return [name for part in message for name in part.get("changed", {}).get("fields", [])]


@admin.register(Group)
class RoleAdmin(EditConflictMixin, GroupAdmin):
    form = VersionedForm
    fields = ["name", "permissions"]

    def get_readonly_fields(self, request, obj=None):
        # The code finds these groups by their names, the privacy leads among them.
        return ["name"] if obj and obj.name in ROLES else []

    def save_model(self, request, group, form, change):
        group.watch_before = privacy_watch()
        super().save_model(request, group, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        group, before = form.instance, form.initial
        group.changes = gained_and_lost(
            code_names(before.get("permissions", [])), code_names(form.cleaned_data["permissions"])
        )
        # Without a field for the name, it cannot have changed.
        if change and before.get("name", group.name) != group.name:
            group.changes.insert(0, f"was called {before['name']}")

    def log_addition(self, request, group, message):
        entry = super().log_addition(request, group, message)
        _record(group, ["added", *group.changes], by=request.user)
        _tell_of_role(group, by=request.user)
        return entry

    def log_change(self, request, group, message):
        entry = super().log_change(request, group, message)
        _record(group, group.changes or ["saved"], by=request.user)
        _tell_of_role(group, by=request.user)
        return entry

    @transaction.atomic
    def delete_model(self, request, obj):
        this_one = Group.objects.filter(pk=obj.pk)
        self._delete(request, this_one, lambda: super(RoleAdmin, self).delete_model(request, obj))

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        self._delete(request, queryset, lambda: super(RoleAdmin, self).delete_queryset(request, queryset))

    @staticmethod
    def _delete(request, queryset, delete):
        """The events come last, and say who lost which permissions."""
        groups = list(queryset.prefetch_related("user_set", "permissions__content_type"))
        watch_before = privacy_watch()
        delete()
        for group in groups:
            _record(group, ["deleted", *gained_and_lost(_members_and_permissions(group), set())], by=request.user)
        record_changed_watch(_names_of("group", groups), watch_before, by=request.user)


def _tell_of_role(group, *, by):
    """Even if the role has no members yet: they may be added later."""
    about = f"group {group.name}"
    gained = [part for part in group.changes if part.removeprefix("+") in leads_to_stories]
    record_widening(about, gained, by=by, before=group.watch_before)
    record_changed_watch(about, group.watch_before, by=by)


def _members_and_permissions(group):
    """The members and permissions of a group that was fetched with both."""
    people = {f"account {user.get_username()}" for user in group.user_set.all()}
    return people | {f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()}


def _record(group, parts, *, by):
    record_parts(AuditEvent.Action.ACCOUNT_CHANGED, by=by, about=f"group {group.name}", parts=parts)


def code_names(permissions) -> set[str]:
    """As code checks them: `consultations.answer_inquiry`. One query."""
    of_these = Permission.objects.filter(pk__in=[permission.pk for permission in permissions])
    return {f"{app}.{name}" for app, name in of_these.values_list("content_type__app_label", "codename")}


admin.site.register(FactorReset, FactorResetAdmin)
