"""Roles in admin: Django's page of groups, with a trail. What a group may do is what everybody in it may do."""

from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from gutskin.audit.hash_chain import gained_and_lost, record_parts
from gutskin.audit.models import AuditEvent


def code_names(permissions) -> set[str]:
    """As code asks for them: `consultations.answer_inquiry`. One query."""
    of_these = Permission.objects.filter(pk__in=[permission.pk for permission in permissions])
    return {f"{app}.{name}" for app, name in of_these.values_list("content_type__app_label", "codename")}


class RoleAdmin(GroupAdmin):
    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        group, before = form.instance, form.initial
        group.changes = gained_and_lost(
            code_names(before.get("permissions", [])), code_names(form.cleaned_data["permissions"])
        )
        if change and before["name"] != group.name:
            group.changes.insert(0, f"was called {before['name']}")

    def log_addition(self, request, group, message):
        entry = super().log_addition(request, group, message)
        _record(group, ["added", *group.changes], by=request.user)
        return entry

    def log_change(self, request, group, message):
        entry = super().log_change(request, group, message)
        _record(group, group.changes or ["saved"], by=request.user)
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
        """The events come last, and say what was lost by whom."""
        groups = list(queryset.prefetch_related("user_set", "permissions__content_type"))
        delete()
        for group in groups:
            _record(group, ["deleted", *gained_and_lost(_held_by(group), set())], by=request.user)


def _held_by(group):
    """By a group that was fetched with all of it."""
    people = {f"account {user.get_username()}" for user in group.user_set.all()}
    return people | {f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()}


def _record(group, parts, *, by):
    record_parts(AuditEvent.Action.ACCOUNT_CHANGED, by=by, about=f"group {group.name}", parts=parts)
