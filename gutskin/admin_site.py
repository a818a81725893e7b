"""The admin site: Django admin under our own name, the workplace of staff."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from gutskin.accounts.second_factor import used_second_factor
from gutskin.accounts.session_timeout import ends_anyway, seconds_left
from gutskin.admin_lists import LIST_DEFAULTS, ProtectedByCount
from gutskin.admin_pickers import LabelledAutocomplete, LabelledPickers, PickersNeedScript
from gutskin.drafts.change_form import DraftedAdmin
from gutskin.drafts.double_submit import StoredOnceAdmin
from gutskin.search_words import ForgivingSearch

CHECKBOX = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'


class StaffList(ChangeList):
    """A change list that accepts any query string without raising an error.

    A value that the database cannot take, such as a number of thirty digits or a day in the year 10000, is answered as
    Django answers an unknown filter: with the unfiltered list (`?e=1`). Django finds most of them before it asks the
    database; some are only found by asking.
    """

    def get_queryset(self, request, exclude_parameters=None):
        if any("regex" in name for name in self.filter_params):
            # No link of ours has one, and a malicious pattern keeps the database busy.
            raise IncorrectLookupParameters
        try:
            found = super().get_queryset(request, exclude_parameters)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error
        # Long texts that the list does not show would be most of what the database reads.
        return found.defer(*getattr(self.model_admin, "list_defer", ()))

    def get_results(self, request):
        try:
            super().get_results(request)
            # Django asks no paginator if everything fits on one page. Ours also says how the rows are found.
            if not self.multi_page:
                self.result_list = self.paginator.page(1).object_list
        except (DataError, OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error


def staff_list(model_admin, request, **kwargs):
    """Replaces `ModelAdmin.get_changelist` in every registered class that does not define its own."""
    return StaffList


class CheckedSelection:
    """The part of a ModelAdmin that offers rows for selection, and refuses a value that is no key of a row."""

    def action_checkbox(self, obj):
        """Like Django's, which renders a widget's template in each row: a sixth of the CPU of a list."""
        label = _("Choose %(name)s for an action") % {"name": obj}
        return format_html(CHECKBOX, ACTION_CHECKBOX_NAME, obj.pk, label)

    def response_action(self, request, queryset):
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.model._meta.pk.clean(key, None)
        except ValidationError:
            messages.error(request, _("Nothing was changed. Look at the list again, then choose."))
            return redirect(request.get_full_path())
        return super().response_action(request, queryset)


class ReadOnlyAdminMixin:
    """For a ModelAdmin whose rows are only looked at; not even a superuser may change them there."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class StaffSite(admin.AdminSite):
    site_header = _lazy("GutSkin for staff")
    site_title = _lazy("GutSkin for staff")
    index_title = _lazy("Your work")
    site_url = "/"

    def has_permission(self, request):
        """Already checked by the middleware in accounts/second_factor.py; without it, admin stays closed."""
        return super().has_permission(request) and used_second_factor(request)

    def each_context(self, request):
        session = {"session_seconds": seconds_left(request), "session_final": ends_anyway(request)}
        return super().each_context(request) | session

    def get_urls(self):
        address, name = "r/<path:content_type_id>/<path:object_id>/", "view_on_site"
        others = [each for each in super().get_urls() if getattr(each, "name", "") != name]
        return [path(address, self.admin_view(self.view_on_site), name=name), *others]

    def autocomplete_view(self, request):
        return LabelledAutocomplete.as_view(admin_site=self)(request)

    def view_on_site(self, request, content_type_id, object_id):
        """Leads to the public page of an object, if the user may see the object in admin.

        Django's own view leads all staff to every object, and so tells the address of a page that is a draft.
        """
        content_type = content_type_id.isdecimal() and ContentType.objects.filter(pk=content_type_id).first()
        model_admin = content_type and self._registry.get(content_type.model_class())
        shown = model_admin and model_admin.get_object(request, object_id)
        if shown is None or not model_admin or not model_admin.has_view_permission(request, shown):
            raise Http404
        return shortcut(request, content_type_id, object_id)

    def login(self, request, extra_context=None):
        """Leads to our only login page, and from there back to where the user wanted to go."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            wanted = reverse("admin:index")
        return redirect_to_login(wanted)

    def logout(self, request, extra_context=None):
        """Leads to the page that asks for confirmation and records the event."""
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Gives all classes, ours and those of libraries, drafts of their forms and lists that stay small."""
        admin_class = admin_class or admin.ModelAdmin
        for name, value in LIST_DEFAULTS.items():
            if getattr(admin_class, name) == getattr(admin.ModelAdmin, name):
                options.setdefault(name, value)
        if admin_class.get_changelist is admin.ModelAdmin.get_changelist:
            options["get_changelist"] = staff_list
        parts = (StoredOnceAdmin, DraftedAdmin, CheckedSelection, ProtectedByCount, ForgivingSearch)
        parts += (LabelledPickers, PickersNeedScript)
        drafted = type(admin_class.__name__, (*parts, admin_class), {"__module__": admin_class.__module__})
        super().register(model_or_iterable, drafted, **options)
