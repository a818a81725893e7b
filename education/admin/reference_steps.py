"""What can be done with a reference beside editing it: ask the registers, take a value over, merge a duplicate."""

from django.conf import settings
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.actions import ActionRefused, merge_references, record_check, take_over
from education.actions.merging import merge_problems, what_a_merge_changes
from education.admin.reference_forms import KeptForm
from education.admin.steps import change_page, confirm_action
from education.citation import vancouver
from education.models import Reference
from education.references import registers
from education.references.client import RegisterClient
from gutskin.accounts.permissions import require_permission


class ReferenceSteps:
    """The part of ReferenceAdmin that acts on one reference."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/check/", view(self.check_view), name="education_reference_check"),
            path("<int:pk>/take-over/", view(self.take_over_view), name="education_reference_takeover"),
            path("<int:pk>/merge/", view(self.merge_view), name="education_reference_merge"),
            *super().get_urls(),
        ]

    def check_view(self, request, pk):
        reference = get_object_or_404(Reference, pk=pk)
        require_permission(self.has_change_permission(request, reference))
        return confirm_action(
            request,
            subject=reference,
            title=_("Ask the registers"),
            explanation=_(
                "Crossref is asked by DOI and PubMed by PMID, now. What they say is written down; a value of ours "
                "changes only when you take theirs over. This can take %(seconds)s seconds for each."
            )
            % {"seconds": f"{settings.REGISTER_TIMEOUT:g}"},
            button=_("Ask now"),
            act=lambda text: _check(reference, request.user),
            done=_("What the registers said stands below."),
            back=change_page(reference),
        )

    def take_over_view(self, request, pk):
        reference = get_object_or_404(Reference, pk=pk)
        require_permission(self.has_change_permission(request, reference))
        if request.method == "POST":
            number, field = request.POST.get("check", ""), request.POST.get("field", "")
            checks = reference.checks.filter(pk=number) if number.isdecimal() and len(number) < 19 else []
            check = get_object_or_404(checks) if checks else None
            try:
                if check is None:
                    raise ActionRefused(_("This has changed since the page was opened. Look at it again."))
                take_over(check, field=field, by=request.user)
            except ActionRefused as refusal:
                for reason in refusal.reasons:
                    messages.error(request, reason)
            else:
                messages.success(request, _("The value of the register stands here now."))
        return redirect(change_page(reference))

    @admin.action(description=_lazy("Merge two duplicates…"), permissions=["change"])
    def merge_two(self, request, queryset):
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
        context = {"title": _("Merge a duplicate"), "original": duplicate, "subtitle": duplicate.key}
        data = request.POST if request.method == "POST" else request.GET if "into" in request.GET else None
        form = KeptForm(data, label_suffix="")
        if form.is_valid():
            context |= {"kept": form.kept, "blocking": merge_problems(duplicate, form.kept)}
            # Enter in the field presses “Merge”, which cannot be undone: never into one that was not on the screen.
            if "merge" in request.POST and request.POST.get("seen") != form.kept.key:
                unseen = _("You see both now. Nothing was merged yet: press “Merge” if they are one paper.")
                context["refusals"] = context["blocking"] or [unseen]
            elif "merge" in request.POST:
                try:
                    merge_references(duplicate, into=form.kept, by=request.user)
                except ActionRefused as refusal:
                    context["refusals"] = refusal.reasons
                else:
                    told = {"duplicate": duplicate.key, "kept": form.kept.key}
                    messages.success(request, _("%(duplicate)s was merged into %(kept)s.") % told)
                    return redirect(change_page(form.kept))
        context |= {
            "form": form,
            "sides": [(reference, vancouver(reference)) for reference in (duplicate, context.get("kept")) if reference],
            "changes": what_a_merge_changes(duplicate),
            "back": change_page(duplicate),
        }
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, "admin/education/reference/merge.html", context)


def _check(reference, user):
    wanted = registers.registers_for(reference)
    if not wanted:
        raise ActionRefused(_("This reference has neither a DOI nor a PMID to ask by."))
    with RegisterClient() as client:
        answers = [registers.ask(reference, register, client) for register in wanted]
    record_check(reference, answers, by=user)
