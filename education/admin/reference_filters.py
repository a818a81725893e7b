from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _lazy

from education.models import Reference, ReferenceCheck
from education.references import integrity
from education.references.duplicates import public_reference_index


class ProblemFilter(admin.SimpleListFilter):
    """What can be told without asking a register. Worked out when it is asked for: hundreds of rows, no table."""

    title = _lazy("problem")
    parameter_name = "problem"

    def lookups(self, request, model_admin):
        return [("any", _lazy("Any but unconfirmed fields")), *integrity.CODES.items()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        rivals = public_reference_index()
        standing = Reference.objects.filter(merged_into__isnull=True)
        return queryset.filter(
            key__in=[
                values["key"]
                for values in standing.values(*integrity.FIELDS)
                if any(self._is_meant(problem) for problem in integrity.problems(values, rivals))
            ]
        )

    def _is_meant(self, problem):
        return problem.blocks if self.value() == "any" else problem.code == self.value()


class CheckFilter(admin.SimpleListFilter):
    """What a register said last."""

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
