from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education import publication_rules
from education.actions import approve_statement, content_digest, revise_statement
from education.admin.badges import badge
from education.admin.confirmation import change_page, confirm_action
from education.admin.filters import ConditionFilter, StatementSourcesFilter
from education.models import EvidenceStatement
from education.models.evidence import UNRATED_EFFECTS
from gutskin.accounts.permissions import require_permission
from gutskin.edit_conflicts import EditConflictMixin, VersionedFormMixin

State = EvidenceStatement.State


class EvidenceStatementForm(VersionedFormMixin, forms.ModelForm):
    def clean(self):
        """Reports as sentences what database constraints would refuse."""
        data = super().clean()
        self._reject_if_approved()
        rated = data.get("effect") not in UNRATED_EFFECTS
        if "effect" in data and rated and not data.get("certainty"):
            self.add_error("certainty", _lazy("Choose a certainty, or an effect that says that nothing was found."))
        if "effect" in data and not rated and data.get("certainty"):
            self.add_error("certainty", _lazy("Nothing was found, so there is no certainty to give. Leave it empty."))
        return data

    def _reject_if_approved(self):
        """Saving a draft that has been approved since would take the statement off the public pages.

        The row is locked until the save, so that an approval cannot come in between.
        """
        drafts = EvidenceStatement.objects.select_for_update(of=["self"]).filter(state=State.DRAFT)
        if self.instance.pk and not drafts.filter(pk=self.instance.pk).exists():
            self.add_error(
                None, _lazy("A reviewer approved this statement after you opened it. Revise it to change it.")
            )


@admin.register(EvidenceStatement)
class EvidenceStatementAdmin(EditConflictMixin, admin.ModelAdmin):
    """Drafts are edited here. A published statement is revised as a draft beside it, which someone else approves."""

    form = EvidenceStatementForm
    list_display = ["sentence", "state_badge", "certainty", "condition", "intervention", "outcome", "reviewed_on"]
    list_filter = [
        "state",
        ConditionFilter,
        "intervention",
        "certainty",
        "effect",
        StatementSourcesFilter,
        "language",
        "reviewed_on",
    ]
    list_select_related = ["condition"]
    search_fields = ["sentence", "outcome", "slug", "why"]
    # Searched, not listed: there may be thousands of each.
    autocomplete_fields = ["condition", "therapy", "references"]
    readonly_fields = ["state_badge", "author", "reviewed_by", "reviewed_on"]
    fieldsets = [
        (None, {"fields": ["state_badge", "author", "reviewed_by", "reviewed_on"]}),
        (_lazy("The question"), {"fields": ["slug", "language", "condition", "intervention", "therapy", "outcome"]}),
        (_lazy("The answer"), {"fields": ["effect", "certainty", "sentence", "why", "references"]}),
    ]
    change_form_template = "admin/education/evidencestatement/change_form.html"

    # Only drafts can be edited or deleted, even by administrators: a published statement is signed as it is.
    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def save_model(self, request, obj, form, change):
        obj.author = obj.author or request.user
        super().save_model(request, obj, form, change)
        # Everyone who edits a draft is a contributor, and contributors cannot approve it.
        obj.contributors.add(request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        statement = self.get_object(request, object_id)
        if statement is not None and self.has_view_or_change_permission(request, statement):
            extra_context = (extra_context or {}) | {
                "may_revise": statement.state == State.PUBLISHED and super().has_change_permission(request),
                "may_approve": _may_approve(statement, request.user),
                "is_own": statement.was_written_by(request.user),
                "blocking": publication_rules.statement_problems(statement) if statement.state == State.DRAFT else [],
            }
        return super().change_view(request, object_id, form_url, extra_context)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/revise/", view(self.revise_view), name="education_evidencestatement_revise"),
            path("<int:pk>/approve/", view(self.approve_view), name="education_evidencestatement_approve"),
            *super().get_urls(),
        ]

    def revise_view(self, request, pk):
        # super(), because our own method says no to published statements, and those are the ones to revise.
        require_permission(super().has_change_permission(request))
        statement = get_object_or_404(EvidenceStatement, pk=pk)
        draft = EvidenceStatement.objects.filter(replaces=statement, state=State.DRAFT).first()
        if draft:
            return redirect(change_page(draft))
        return confirm_action(
            request,
            subject=statement,
            title=_("Revise this statement"),
            explanation=_(
                "You get a draft to edit. Readers keep seeing the published statement until someone else approves your "
                "draft."
            ),
            button=_("Start a draft"),
            act=lambda text: revise_statement(statement, by=request.user),
            success_message=_("Here is your draft. Readers still see the published statement."),
            back=change_page(statement),
            next_page=change_page,
        )

    def approve_view(self, request, pk):
        statement = get_object_or_404(EvidenceStatement, pk=pk)
        require_permission(request.user.has_perm("education.review_revision"))
        return confirm_action(
            request,
            subject=statement,
            title=_("Approve this statement"),
            explanation=_(
                "It is published at once, with your name as reviewer and today's date. The statement that it replaces "
                "leaves the site."
            ),
            button=_("Approve and publish"),
            act=lambda text: approve_statement(statement, by=request.user, seen=request.POST.get("seen")),
            # Posted back, so that an approval covers only what this page showed.
            seen=content_digest(statement),
            success_message=_("The statement is published."),
            back=change_page(statement),
            statement=statement,
        )

    @admin.display(description=_lazy("state"), ordering="state")
    def state_badge(self, statement):
        return badge(statement.state, statement.get_state_display())


def _may_approve(statement, user):
    return statement.state != State.SUPERSEDED and user.has_perm("education.review_revision")
