"""Merging two records of the same paper."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.actions import ActionRefused, merge_references
from education.actions.merging import describe_merge, merge_problems
from education.admin.confirmation import change_page
from education.admin.reference_forms import MergeForm
from education.citation import vancouver
from education.models import Reference
from gutskin.accounts.permissions import require_permission


class ReferenceMerging:
    """The part of ReferenceAdmin that merges a duplicate into the reference that is kept."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/merge/", view(self.merge_view), name="education_reference_merge"),
            *super().get_urls(),
        ]

    @admin.action(description=_lazy("Merge two duplicates…"), permissions=["change"])
    def merge_two(self, request, queryset):
        """Leads to the merge page. The older record is suggested as the one to keep: more texts may cite it."""
        two = list(queryset.order_by("pk")[:3])
        if len(two) != 2:
            self.message_user(request, _("Choose exactly two references to merge."), messages.ERROR)
            return None
        kept, duplicate = two
        address = reverse("admin:education_reference_merge", args=[duplicate.pk])
        return redirect(f"{address}?{urlencode({'into': kept.key})}")

    def merge_view(self, request, pk):
        duplicate = get_object_or_404(Reference.objects.select_related("merged_into"), pk=pk)
        require_permission(self.has_change_permission(request, duplicate))
        # The list leads here with `into` in the address; the page then shows both at once.
        data = request.POST if request.method == "POST" else request.GET if "into" in request.GET else None
        form = MergeForm(data, label_suffix="")
        context = {"title": _("Merge a duplicate"), "original": duplicate, "subtitle": duplicate.key}
        if form.is_valid():
            context |= {"kept": form.kept, "blocking": merge_problems(duplicate, form.kept)}
            if "merge" in request.POST:
                context["refusals"] = self._merge(request, duplicate, form.kept, context["blocking"])
                if not context["refusals"]:
                    return redirect(change_page(form.kept))
        context |= {
            "form": form,
            "sides": [(reference, vancouver(reference)) for reference in (duplicate, context.get("kept")) if reference],
            "changes": describe_merge(duplicate),
            "back": change_page(duplicate),
        }
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, "admin/education/reference/merge.html", context)

    @staticmethod
    def _merge(request, duplicate, kept, blocking):
        """Merges the two, or returns the reasons why not."""
        # Enter in the text field presses “Merge”, which cannot be undone: both references must have been shown before.
        if request.POST.get("seen") != kept.key:
            return blocking or [
                _("Both are shown now. Nothing has been merged yet: press “Merge” if they are one paper.")
            ]
        try:
            merge_references(duplicate, into=kept, by=request.user)
        except ActionRefused as refusal:
            return refusal.reasons
        message = _("%(duplicate)s was merged into %(kept)s.")
        messages.success(request, message % {"duplicate": duplicate.key, "kept": kept.key})
        return []
