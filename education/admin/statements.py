from django import forms
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education import publication_rules
from education.actions import approve_statement, content_digest, revise_statement
from education.admin.badges import badge
from education.admin.confirmation import change_page, confirm_action
from education.admin.filters import ConditionFilter, StatementSourcesFilter
from education.admin.statement_recovery import approved_page
from education.models import Effect, EvidenceNumber, EvidenceStatement
from education.models.evidence import TEXTS, UNRATED_EFFECTS
from education.statement_parts import statement_parts
from gutskin.accounts.permissions import require_permission
from gutskin.admin_pickers import LabelledPickers
from gutskin.edit_conflicts import EditConflictMixin, VersionedFormMixin

State = EvidenceStatement.State
RECOMMENDATION = ["recommended_by", "direction", "strength", "certainty_beneath"]
SEARCH = ["search_where", "search_words", "search_date", "search_by", "search_read", "search_nearest"]


# Long enough to read what is in it.
ONE_LINE = forms.TextInput(attrs={"class": "vLargeTextField"})


def lines(count):
    return forms.Textarea(attrs={"rows": count, "class": "vLargeTextField"})


class ConstraintsInWords:
    """For a ModelForm whose clean() says in sentences what constraints refuse; goes before it in the list of bases."""

    def _get_validation_exclusions(self):
        # Beside a sentence of clean(), Django would show the name of the constraint that the same values violate.
        return super()._get_validation_exclusions() | (set(self.fields) if self.errors else set())


class EvidenceStatementForm(ConstraintsInWords, VersionedFormMixin, forms.ModelForm):
    class Meta:
        widgets = {
            "sentence": lines(2),
            "why": lines(4),
            "outcome": ONE_LINE,
            "recommended_by": ONE_LINE,
            "strength": ONE_LINE,
            "search_where": ONE_LINE,
            "search_words": lines(3),
            "search_nearest": lines(2),
            "staff_note": lines(3),
        }

    def clean(self):
        """Reports as sentences what database constraints would refuse."""
        data = super().clean()
        self._reject_if_approved()
        rated = data.get("effect") not in UNRATED_EFFECTS
        if "effect" in data and rated and not data.get("certainty"):
            self.add_error("certainty", _lazy("Choose a certainty, or an effect that says that nothing was found."))
        if "effect" in data and not rated and data.get("certainty"):
            self.add_error("certainty", self._why_unrated(data["effect"]))
        if "effect" in data and data["effect"] != Effect.RECOMMENDATION:
            for name in RECOMMENDATION:
                if data.get(name):
                    self.add_error(name, _lazy("Only a recommendation has this. Leave it empty."))
        for name, problems in (
            ("search_date", publication_rules.search_day_problems(data.get("search_date"))),
            ("strength", publication_rules.strength_problems(data.get("strength") or "")),
        ):
            for problem in problems:
                self.add_error(name, problem)
        return data

    @staticmethod
    def _why_unrated(effect):
        if effect == Effect.RECOMMENDATION:
            return _lazy("A recommendation has no certainty of its own. Use “certainty beneath”.")
        return _lazy("Nothing was rated, so there is no certainty to give. Leave it empty.")

    def _reject_if_approved(self):
        """Saving a draft that has been approved since would take the statement off the public pages.

        The row is locked until the save, so that an approval cannot come in between.
        """
        drafts = EvidenceStatement.objects.select_for_update(of=["self"]).filter(state=State.DRAFT)
        if self.instance.pk and not drafts.filter(pk=self.instance.pk).exists():
            self.add_error(
                None, _lazy("A reviewer approved this statement after you opened it. Revise it to change it.")
            )


class EvidenceNumberForm(ConstraintsInWords, forms.ModelForm):
    class Meta:
        widgets = {"what": ONE_LINE, "who": ONE_LINE, "worked_out": lines(2)}

    def clean(self):
        """Reports as sentences what database constraints would refuse."""
        data = super().clean()
        has_people = data.get("with_count") is not None
        if has_people == bool(data.get("difference")):
            self.add_error(None, _lazy("Give either people with it, out of how many, or a difference on a scale."))
        elif has_people and not data.get("out_of"):
            self.add_error("out_of", _lazy("Say out of how many."))
        elif not has_people and any(data.get(name) is not None for name in ("without_count", "out_of", "low", "high")):
            self.add_error("difference", _lazy("A difference on a scale has no numbers of people."))
        elif has_people and max(data[name] or 0 for name in ("with_count", "without_count")) > data["out_of"]:
            self.add_error("with_count", _lazy("There cannot be more than all of them."))
        elif has_people:
            self._check_interval(data)
        wordy = publication_rules.difference_problems(data.get("difference") or "", data.get("interval_words") or "")
        for name, problem in wordy.items():
            self.add_error(name, problem)
        return data

    def _check_interval(self, data):
        low, high = data.get("low"), data.get("high")
        if low is None and high is None:
            return
        if low is None or high is None:
            self.add_error("high" if high is None else "low", _lazy("Give both ends of the interval, or neither."))
        elif low > high:
            self.add_error("low", _lazy("The interval begins above its end."))
        elif high > data["out_of"]:
            self.add_error("high", _lazy("The interval ends above the number of all people."))
        elif not low <= data["with_count"] <= high:
            self.add_error("low", _lazy("The people with it do not lie within the interval."))


class EvidenceNumberInline(LabelledPickers, admin.StackedInline):
    model = EvidenceNumber
    form = EvidenceNumberForm
    extra = 0
    autocomplete_fields = ["source"]
    fieldsets = [
        (None, {"fields": ["what", "who", "after", "is_harm", "source", "worked_out"]}),
        (
            _lazy("People"),
            {"fields": [("with_count", "without_count", "out_of"), ("with_label", "without_label"), ("low", "high")]},
        ),
        (_lazy("Or a difference on a scale"), {"fields": ["difference", "interval_words", "scale", "noticeable"]}),
    ]


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
    list_select_related = ["condition", "intervention"]
    list_defer = [f"condition__{name}" for name in TEXTS]
    search_fields = ["sentence", "outcome", "slug", "why"]
    # Searched, not listed: there may be thousands of each.
    autocomplete_fields = ["condition", "therapy", "references"]
    readonly_fields = ["state_badge", "author", "reviewed_by", "reviewed_on"]
    fieldsets = [
        (None, {"fields": ["state_badge", "author", "reviewed_by", "reviewed_on"]}),
        (_lazy("The question"), {"fields": ["slug", "language", "condition", "intervention", "therapy", "outcome"]}),
        (_lazy("The answer"), {"fields": ["effect", "certainty", "sentence", "why", "references"]}),
        (_lazy("If a guideline recommends it"), {"fields": RECOMMENDATION}),
        (
            _lazy("If nothing was found: the search"),
            {"fields": SEARCH, "description": _lazy("Readers see all of it under “What we looked for”.")},
        ),
        (_lazy("For colleagues"), {"fields": ["staff_note"]}),
    ]
    inlines = [EvidenceNumberInline]
    change_form_template = "admin/education/evidencestatement/change_form.html"

    # Only drafts can be edited or deleted, even by administrators: a published statement is signed as it is.
    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def get_view_on_site_url(self, obj=None):
        """Readers see no draft, and its address would lead to the statement that it replaces, or nowhere."""
        return super().get_view_on_site_url(obj) if obj is None or obj.state == State.PUBLISHED else None

    def get_readonly_fields(self, request, obj=None):
        """Addresses name a statement by its short name, so a draft keeps that of the statement it replaces."""
        return [*self.readonly_fields, "slug"] if obj and obj.replaces_id else self.readonly_fields

    def save_model(self, request, obj, form, change):
        obj.author = obj.author or request.user
        super().save_model(request, obj, form, change)
        # Everyone who edits a draft is a contributor, and contributors cannot approve it.
        obj.contributors.add(request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        statement = self.get_object(request, object_id)
        may_edit_drafts = super().has_change_permission(request)
        # A script that saves a draft in the background shows no page.
        is_form = request.method == "POST" and "save_draft" not in request.POST
        if is_form and may_edit_drafts and statement is not None and statement.state != State.DRAFT:
            return approved_page(request, statement)
        if statement is not None and self.has_view_or_change_permission(request, statement):
            extra_context = (extra_context or {}) | {
                "may_revise": statement.state == State.PUBLISHED and may_edit_drafts,
                "may_approve": _may_approve(statement, request.user),
                "is_own": statement.was_written_by(request.user),
                "new_papers": statement.new_papers.order_by("pk") if statement.state == State.DRAFT else [],
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
            messages.info(request, _("There is a draft of this statement already. Here it is."))
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
        # A form that comes back is refused by the action, with its reason.
        if request.method != "POST" and not statement.waits_for_signature:
            messages.warning(request, _("This statement is signed and published. To change it, start a draft."))
            return redirect(change_page(statement))
        replaced = statement.replaces
        explanation = _("It is published at once, with your name as reviewer and today's date.")
        if replaced:
            explanation += " " + _("The statement that it replaces leaves the site.")
        return confirm_action(
            request,
            subject=statement,
            title=_("Approve this statement"),
            explanation=explanation,
            button=_("Approve and publish"),
            act=lambda text: approve_statement(statement, by=request.user, seen=request.POST.get("seen")),
            # Posted back, so that an approval covers only what this page showed.
            seen=content_digest(statement),
            success_message=_("The statement is published."),
            back=change_page(statement),
            parts=statement_parts(statement, replaced),
            against=replaced,
        )

    @admin.display(description=_lazy("state"), ordering="state")
    def state_badge(self, statement):
        return badge(statement.state, State(statement.state).label)


def _may_approve(statement, user):
    return statement.waits_for_signature and user.has_perm("education.review_revision")
