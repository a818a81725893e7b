"""What was erased, when and why: for the privacy lead, to read only."""

from django.apps import apps
from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import PurgeCertificate
from gutskin.admin_site import ReadOnlyAdminMixin


@admin.register(PurgeCertificate)
class PurgeCertificateAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    list_display = ["at", "cause", "how_many", "erased"]
    list_filter = ["cause"]
    date_hierarchy = "at"
    fields = ["at", "cause", "how_many", "erased", "which"]
    readonly_fields = fields
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:consultations_purgecertificate_change", object_id)

    @admin.display(description=_lazy("requests"))
    def how_many(self, certificate):
        return len(certificate.references)

    @admin.display(description=_lazy("what was erased"))
    def erased(self, certificate):
        return ", ".join(f"{count} {_kind(name, count)}" for name, count in sorted(certificate.counts.items()))

    @admin.display(description=_lazy("references"))
    def which(self, certificate):
        return ", ".join(certificate.references)


def _kind(name, count):
    """The name of a model in the words of the site; of one that is gone, its old name."""
    try:
        options = apps.get_model("consultations", name)._meta
    except LookupError:
        return name
    return str(options.verbose_name if count == 1 else options.verbose_name_plural)
