"""The filters beside the lists. The counts on the staff dashboard lead to lists filtered by them."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from education.due_dates import REMIND_BEFORE
from education.models import Article, ReferenceCheck
from education.references import found_problems, integrity
from gutskin.admin_lists import WordsFilter


class LivePageFilter(admin.SimpleListFilter):
    """The status of the public page."""

    title = _lazy("public page")
    parameter_name = "page"

    def lookups(self, request, model_admin):
        return [
            ("awaiting", _lazy("Awaiting clinical review")),
            ("reviewed", _lazy("Reviewed")),
            ("due", _lazy("Review due within 90 days")),
            ("overdue", _lazy("Review overdue")),
            ("leaving", _lazy("To be withdrawn")),
            ("unpublished", _lazy("Not published")),
        ]

    # The same queryset methods as in templatetags/staff_dashboard.py, so that a count and its list never differ.
    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "awaiting":
                return queryset.awaiting_first_review()
            case "reviewed":
                # An overdue page was reviewed too, but no longer counts as such.
                return queryset.reviewed(today)
            case "due":
                return queryset.due_for_review(today + REMIND_BEFORE, since=today)
            case "overdue":
                return queryset.overdue(today)
            case "leaving":
                return queryset.to_be_withdrawn()
            case "unpublished":
                return queryset.filter(live__isnull=True)
        return queryset


class WaitingFilter(admin.SimpleListFilter):
    title = _lazy("waiting for review")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", _lazy("Yes")), ("no", _lazy("No"))]

    def queryset(self, request, queryset):
        # `waiting_id` is annotated by ArticleAdmin.get_queryset.
        match self.value():
            case "yes":
                return queryset.filter(waiting_id__isnull=False)
            case "no":
                return queryset.filter(waiting_id__isnull=True)
        return queryset


class ArticleSourcesFilter(admin.SimpleListFilter):
    """Published pages only: the checks panel of a working copy names its own flagged sources."""

    title = _lazy("sources")
    parameter_name = "sources"

    def lookups(self, request, model_admin):
        return [("flagged", _lazy("Rests on a retracted or rejected one"))]

    def queryset(self, request, queryset):
        return queryset.resting_on_flagged() if self.value() == "flagged" else queryset


class StatementSourcesFilter(ArticleSourcesFilter):
    """Statements can also be listed by sources that no one could confirm."""

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("weak", _lazy("Rests on a flagged or unconfirmed one"))]

    def queryset(self, request, queryset):
        if self.value() == "weak":
            return queryset.on_weak_references()
        return super().queryset(request, queryset)


class ConditionFilter(WordsFilter):
    title = _lazy("condition")
    parameter_name = "condition"

    def find(self, queryset, words):
        return queryset.filter(condition__in=Article.objects.filter(title__icontains=words))


class PageFilter(WordsFilter):
    """Feedback about a page: by part of a title, or by the number of the article, as the results link to it."""

    title = _lazy("page")
    parameter_name = "article"

    def typed(self):
        value = super().typed()
        article = Article.objects.filter(pk=value).first() if value.isdecimal() else None
        return article.title if article else value

    def find(self, queryset, words):
        found = {"pk": words} if words.isdecimal() else {"title__icontains": words}
        return queryset.filter(revision__article__in=Article.objects.filter(**found))


class NameFilter(WordsFilter):
    """By part of the name of a person; `lookup` is where the name is."""

    label = _lazy("Part of the name")
    lookup = ""

    def find(self, queryset, words):
        return queryset.filter(**{f"{self.lookup}__icontains": words})


class ClinicianFilter(NameFilter):
    title = _lazy("clinician")
    parameter_name = "clinician"
    lookup = "clinician__name"


class ReviewerFilter(NameFilter):
    title = _lazy("reviewer")
    parameter_name = "reviewer"
    lookup = "reviewer__name"


class AuthorFilter(NameFilter):
    title = _lazy("author")
    parameter_name = "author"
    label = _lazy("Part of the user name")
    lookup = "author__username"


class WaitingForYouFilter(admin.SimpleListFilter):
    """Revisions that the user who is logged in should do something about."""

    title = _lazy("what waits for you")
    parameter_name = "yours"

    def lookups(self, request, model_admin):
        return [("to-review", _lazy("Waiting for your review")), ("sent-back", _lazy("Sent back to you"))]

    def queryset(self, request, queryset):
        match self.value():
            case "to-review":
                return queryset.to_review_by(request.user)
            case "sent-back":
                return queryset.sent_back_to(request.user)
        return queryset


class NeedsAnswerFilter(admin.SimpleListFilter):
    title = _lazy("needs an answer")
    parameter_name = "needs"

    def lookups(self, request, model_admin):
        return [("answer", _lazy("Yes"))]

    def queryset(self, request, queryset):
        return queryset.needing_an_answer() if self.value() == "answer" else queryset


class ProblemFilter(admin.SimpleListFilter):
    """Problems that can be found without asking a register."""

    title = _lazy("problem")
    parameter_name = "problem"

    def lookups(self, request, model_admin):
        return [(found_problems.ANY, _lazy("Any but unconfirmed fields")), *integrity.CODES.items()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(pk__in=found_problems.with_problem(self.value()))


class CheckFilter(admin.SimpleListFilter):
    """The latest answer of a register."""

    title = _lazy("registers")
    parameter_name = "registers"

    def lookups(self, request, model_admin):
        return [("never", _lazy("Never asked")), *ReferenceCheck.Outcome.choices]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        checks = ReferenceCheck.objects.filter(reference=OuterRef("pk"))
        if self.value() == "never":
            return queryset.exclude(Exists(checks))
        # Only the newest check at each register counts: an older difference may have been settled.
        newer = ReferenceCheck.objects.filter(
            reference=OuterRef("reference"), register=OuterRef("register"), pk__gt=OuterRef("pk")
        )
        return queryset.filter(Exists(checks.filter(outcome=self.value()).exclude(Exists(newer))))


class DuplicateFilter(admin.SimpleListFilter):
    title = _lazy("duplicates")
    parameter_name = "duplicates"

    def lookups(self, request, model_admin):
        return [("without", _lazy("Leave out")), ("only", _lazy("Only these"))]

    def queryset(self, request, queryset):
        match self.value():
            case "without":
                return queryset.filter(merged_into__isnull=True)
            case "only":
                return queryset.filter(merged_into__isnull=False)
        return queryset
