from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _lazy

from education.actions import record_check
from education.admin.badges import badge
from education.admin.filters import CheckFilter, DuplicateFilter, ProblemFilter
from education.admin.reference_checks import ReferenceChecks, outcome_badge, panel
from education.admin.reference_choices import reference_label
from education.admin.reference_forms import ReferenceForm
from education.admin.reference_import import ReferenceImport
from education.admin.reference_merging import ReferenceMerging
from education.models import Reference, ReferenceCheck, ReferenceStatus
from education.models.reference import SEARCHED
from education.references.keys import free_key
from education.references.registers import compare, notice_sentence
from gutskin.edit_conflicts import EditConflictMixin


@admin.register(Reference)
class ReferenceAdmin(ReferenceChecks, ReferenceImport, ReferenceMerging, EditConflictMixin, admin.ModelAdmin):
    """Rejected records stay here with the reason, so that no one adds them again; readers never see them."""

    form = ReferenceForm
    change_form_template = "admin/education/reference/change_form.html"
    change_list_template = "admin/education/reference/change_list.html"
    list_display = [
        "key",
        "status_badge",
        "registers",
        "first_author",
        "title",
        "container_title",
        "year",
        "status_reason",
    ]
    list_filter = ["status", CheckFilter, ProblemFilter, DuplicateFilter, "type", "year"]
    # Without these, the list would have no search field. What is done with them: ReferenceQuerySet.matching().
    search_fields = SEARCHED
    search_help_text = _lazy("A name, a word of the title or the journal, a key, a DOI or a PMID.")
    actions = ["merge_two"]
    readonly_fields = ["checked_at", "checked_by"]
    fieldsets = [
        (None, {"fields": ["key", "status", "status_reason", "checked_at", "checked_by"]}),
        (
            _lazy("The paper"),
            {"fields": ["type", "authors", "et_al", "title", "container_title", "year", "volume", "issue", "page"]},
        ),
        (_lazy("Where to find it"), {"fields": ["doi", "pmid", "pmcid", "url", "accessed", "posted"]}),
        (_lazy("For a book, chapter or report"), {"fields": ["edition", "publisher", "publisher_place"]}),
        (
            _lazy("What it says"),
            {"fields": ["study_type", "finding", "certainty", "certainty_reason", "unconfirmed_fields"]},
        ),
    ]

    def get_queryset(self, request):
        """With the latest outcome at each register, in the same query: the list shows both."""
        checks = ReferenceCheck.objects.filter(reference=OuterRef("pk")).order_by("-pk")
        return (
            super()
            .get_queryset(request)
            .select_related("merged_into")
            .annotate(
                crossref_outcome=Subquery(checks.filter(register="crossref").values("outcome")[:1]),
                pubmed_outcome=Subquery(checks.filter(register="pubmed").values("outcome")[:1]),
            )
        )

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    def choice_label(self, reference):
        return reference_label(reference)

    def get_view_on_site_url(self, obj=None):
        """A rejected record has no public page."""
        return None if obj and obj.status == ReferenceStatus.REJECTED else super().get_view_on_site_url(obj)

    def get_readonly_fields(self, request, obj=None):
        # Articles and statements cite by key.
        return [*self.readonly_fields, "key"] if obj else self.readonly_fields

    def get_changeform_initial_data(self, request):
        """The plain form, or one filled with the record that a register has just given."""
        found = self.found_record(request)
        if found is None:
            return super().get_changeform_initial_data(request)
        initial = found.record.values() | {"key": free_key(found.record)}
        # A paper that has been retracted must not be added as if it were sound.
        if retraction := next((notice for notice in found.record.notices if notice.kind == "retraction"), None):
            initial |= {
                "status": ReferenceStatus.RETRACTED,
                "status_reason": notice_sentence(found.register, retraction),
            }
        return initial

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, (extra_context or {}) | {"found": self.found_record(request)})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        reference = self.get_object(request, object_id)
        if reference is not None and self.has_view_or_change_permission(request, reference):
            may_change = self.has_change_permission(request, reference)
            extra_context = (extra_context or {}) | panel(reference, may_change=may_change)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        # A status set by hand is signed by the person who set it.
        if "status" in form.changed_data:
            obj.checked_at = timezone.now()
            obj.checked_by = request.user.get_username()
        super().save_model(request, obj, form, change)
        found = None if change else self.found_record(request)
        if found is not None:
            # The register has just been asked, so its answer counts as the first check.
            record_check(obj, [compare(obj, found.register, found.record)], by=request.user)
            self.forget_found(request)

    @admin.display(description=_lazy("first author"))
    def first_author(self, reference):
        return reference.authors[0] if reference.authors else ""

    @admin.display(description=_lazy("status"), ordering="status")
    def status_badge(self, reference):
        if reference.merged_into_id:
            return format_html(
                '<a href="{}">{}</a>',
                reverse("admin:education_reference_change", args=[reference.merged_into_id]),
                _lazy("Duplicate of %(key)s") % {"key": reference.merged_into.key},
            )
        return badge(reference.status, ReferenceStatus(reference.status).label)

    @admin.display(description=_lazy("registers"), ordering="crossref_outcome")
    def registers(self, reference):
        outcomes = [("Crossref", reference.crossref_outcome), ("PubMed", reference.pubmed_outcome)]
        return format_html_join(" ", "{} {}", [(name, outcome_badge(outcome)) for name, outcome in outcomes if outcome])
