"""The questions to PubMed, and the desk on which the new papers wait for a decision."""

from django.contrib import admin, messages
from django.db.models import OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from education.actions import attach_references, decide_new_papers
from education.admin.badges import badge
from education.admin.confirmation import asks_for, change_page, confirm_action
from education.admin.decision_form import decision_form
from education.admin.filters import ConditionFilter
from education.evidence_watch.questions import full_query
from education.evidence_watch.status import watch_status
from education.models import Article, EvidenceQuestion, NewPaper
from education.references.client import RegisterClient
from gutskin import limits
from gutskin.accounts.permissions import require_permission
from gutskin.counting import number_of
from gutskin.edit_conflicts import EditConflictMixin, VersionedForm

State, Decision = EvidenceQuestion.State, NewPaper.Decision
# Each borrows the colour of a state that admin.css already has.
STATE_BADGES = {State.NEVER: "unpublished", State.LOOKED: "confirmed", State.FAILED: "overdue"}
KIND_BADGES = {"trial": "confirmed", "review": "corrected", "unsure": "unpublished"}
DECISION_BADGES = {Decision.CHANGES: "awaiting", Decision.SUPPORTS: "confirmed", Decision.DOES_NOT_BELONG: "superseded"}
ALSO = "also"


class PaperConditionFilter(ConditionFilter):
    def find(self, queryset, words):
        return queryset.filter(question__condition__in=Article.objects.filter(title__icontains=words))


class DecidedFilter(admin.SimpleListFilter):
    """The staff dashboard leads to those that wait."""

    title = _lazy("decision")
    parameter_name = "decided"

    def lookups(self, request, model_admin):
        return [("waiting", _lazy("Waiting")), *Decision.choices, ("without-record", _lazy("Waiting for its record"))]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.undecided()
        if self.value() == "without-record":
            return queryset.without_reference()
        return queryset.filter(decision=self.value()) if self.value() else queryset


@admin.register(EvidenceQuestion)
class EvidenceQuestionAdmin(EditConflictMixin, admin.ModelAdmin):
    """When each cell of the map was last looked at, and with which words."""

    form = VersionedForm
    list_display = ["cell", "state_badge", "last_looked_at", "last_count", "waiting", "is_asked", "query", "failure"]
    list_filter = ["state", "is_asked", ConditionFilter, "intervention"]
    list_select_related = ["condition", "intervention"]
    search_fields = ["query", "condition__title", "intervention__name"]
    readonly_fields = ["cell", "asked", "state_badge", "last_looked_at", "last_count", "failure", "papers"]
    fieldsets = [
        (None, {"fields": ["cell", "state_badge", "last_looked_at", "last_count", "failure", "papers"]}),
        (_lazy("The question"), {"fields": ["query", "asked", "is_asked", "since"]}),
    ]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, _with_status(request, extra_context))

    # The command watch_evidence adds a question for each new cell.
    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        waiting = NewPaper.objects.undecided().filter(question=OuterRef("pk"))
        return super().get_queryset(request).annotate(waiting_count=number_of(waiting))

    def save_model(self, request, obj, form, change):
        if {"query", "since"} & set(form.changed_data):
            # PubMed has not answered the new question yet, so the date of the old one may not be shown.
            obj.state, obj.last_looked_at, obj.last_count = State.NEVER, None, None
            obj.failure, obj.failures, obj.due_at = "", 0, timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description=_lazy("cell of the map"), ordering="condition__title")
    def cell(self, question):
        return str(question)

    @admin.display(description=_lazy("state"), ordering="state")
    def state_badge(self, question):
        return badge(STATE_BADGES[State(question.state)], question.get_state_display())

    @admin.display(description=_lazy("papers to decide"), ordering="waiting_count")
    def waiting(self, question):
        return question.waiting_count or ""

    @admin.display(description=_lazy("with what is added to it"))
    def asked(self, question):
        query = full_query(question)
        address = f"https://pubmed.ncbi.nlm.nih.gov/?{urlencode({'term': query})}"
        return format_html('{}<br><a href="{}" rel="noreferrer">{}</a>', query, address, _("Try it in PubMed"))

    @admin.display(description=_lazy("its papers"))
    def papers(self, question):
        address = f"{reverse('admin:education_newpaper_changelist')}?{urlencode({'question__id__exact': question.pk})}"
        words = ngettext("%(count)s waits for a decision", "%(count)s wait for a decision", question.waiting_count)
        return format_html('<a href="{}">{}</a>', address, words % {"count": question.waiting_count})


@admin.register(NewPaper)
class NewPaperAdmin(admin.ModelAdmin):
    """Nothing is edited here: a paper is decided about, alone or with others of the list."""

    change_form_template = "admin/education/newpaper/change_form.html"
    list_display = ["title", "kind_badge", "question", "journal", "year", "pubmed", "found_at", "decision_badge"]
    list_filter = [DecidedFilter, "kind", PaperConditionFilter, "question__intervention", "found_at"]
    list_select_related = ["question__condition", "question__intervention"]
    search_fields = ["title", "journal", "pmid", "note"]
    actions = ["decide_together"]
    fields = ["title", "journal", "year", "kind", "types", "pubmed", "question", "found_at"]
    fields += ["decision", "note", "decided_at", "decided_by", "statement", "reference"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, _with_status(request, extra_context))

    def has_add_permission(self, request):
        return False

    # A deleted paper would come back with the next look.
    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def lookup_allowed(self, lookup, value, request):
        # The page of a question leads to its papers.
        return lookup == "question__id__exact" or super().lookup_allowed(lookup, value, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        paper = self.get_object(request, object_id)
        if paper is not None and self.has_view_or_change_permission(request, paper):
            may_decide = not paper.is_decided and self.has_change_permission(request, paper)
            extra_context = (extra_context or {}) | {
                "may_decide": may_decide,
                "show_save": False,
                "show_save_and_continue": False,
            }
        return super().change_view(request, object_id, form_url, extra_context)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [path("<int:pk>/decide/", view(self.decide_view), name="education_newpaper_decide"), *super().get_urls()]

    @admin.action(description=_lazy("Decide about the chosen papers…"), permissions=["change"])
    def decide_together(self, request, queryset):
        """Leads to the page for the first of them, with the others in its address."""
        most = limits.MOST_DECIDED_PAPERS
        chosen = list(queryset.undecided().order_by("pk").values_list("pk", flat=True)[: most + 1])
        if not chosen:
            messages.error(request, _("All of these have been decided."))
            return None
        if len(chosen) > most:
            messages.error(request, _("Choose at most %(count)s papers at once.") % {"count": most})
            return None
        first, *others = chosen
        address = reverse("admin:education_newpaper_decide", args=[first])
        return redirect(f"{address}?{urlencode({ALSO: ','.join(map(str, others))})}" if others else address)

    @asks_for(_lazy("Why"))
    def decide_view(self, request, pk):
        require_permission(self.has_change_permission(request))
        first = get_object_or_404(NewPaper, pk=pk)
        papers = NewPaper.objects.select_related("question__condition", "question__intervention")
        papers = list(papers.filter(pk__in=[first.pk, *_numbers(request.GET.get(ALSO, ""))]).order_by("pk"))
        if request.method != "POST" and all(paper.is_decided for paper in papers):
            messages.info(request, _("This was decided already."))
            return redirect(change_page(first))
        count = len(papers)
        title = ngettext("Decide about a paper", "Decide about %(count)s papers", count) % {"count": count}
        return confirm_action(
            request,
            subject=first,
            title=title,
            explanation=_(
                "Nothing is published by this. The reason is kept with your name. If a statement changes, readers of "
                "the feed see the reason when its new version is approved, which somebody else has to do."
            ),
            button=_("Decide"),
            extra_forms=[decision_form(papers)],
            act=lambda text, **chosen: self._decide(request, papers, text, **chosen),
            success_message=lambda draft: _decided_message(count, draft),
            back=f"{reverse('admin:education_newpaper_changelist')}?decided=waiting",
            next_page=_after,
            papers=papers,
        )

    @staticmethod
    def _decide(request, papers, note, *, decision, statement):
        draft = decide_new_papers(papers, decision=decision, by=request.user, note=note, statement=statement)
        if draft is not None:
            decided = NewPaper.objects.filter(pk__in=[paper.pk for paper in papers]).without_reference()
            with RegisterClient() as client:
                failures = attach_references(decided.select_related("decided_by"), client)
            # What is left to be fetched is tried again by the scheduler.
            is_later = decided.all().exists()
            for failure in failures:
                again = _("%(failure)s It is tried again within hours.") % {"failure": failure}
                messages.warning(request, again if is_later else failure)
        return draft

    @admin.display(description=_lazy("publication types"))
    def types(self, paper):
        return ", ".join(paper.publication_types) or "–"

    @admin.display(description=_lazy("kind"), ordering="kind")
    def kind_badge(self, paper):
        return badge(KIND_BADGES[paper.kind], paper.get_kind_display())

    @admin.display(description=_lazy("PubMed"), ordering="pmid")
    def pubmed(self, paper):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', paper.link, paper.pmid)

    @admin.display(description=_lazy("decision"), ordering="decision")
    def decision_badge(self, paper):
        if not paper.is_decided:
            return badge("awaiting", _("Waiting"))
        return badge(DECISION_BADGES[Decision(paper.decision)], paper.get_decision_display())


def _numbers(text):
    # Longer numbers do not fit into a 64-bit integer, and SQLite would raise OverflowError.
    numbers = [part for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19]
    return [int(number) for number in numbers[: limits.MOST_DECIDED_PAPERS]]


def _with_status(request, context):
    # An action of the list leads elsewhere.
    return (context or {}) | ({"watch": watch_status()} if request.method == "GET" else {})


def _decided_message(count, draft):
    decided = ngettext("%(count)s paper is decided.", "%(count)s papers are decided.", count) % {"count": count}
    return decided if draft is None else f"{decided} {_('Here is the draft of the statement.')}"


def _after(draft):
    """The draft to be edited or, without one, what still waits."""
    return change_page(draft) if draft else f"{reverse('admin:education_newpaper_changelist')}?decided=waiting"
