"""What keeps a list of admin as fast and as small with a hundred thousand rows as with ten: pages and filters."""

from django.contrib import admin
from django.contrib.admin.utils import model_ngettext
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.core.paginator import Paginator
from django.db.models import PROTECT
from django.utils.translation import gettext_lazy as _lazy


class KeysFirstPaginator(Paginator):
    """Finds the primary keys of a page first, and then reads only those rows in full.

    Otherwise the database sorts ten thousand whole texts to show the titles of fifty.
    """

    def page(self, number):
        page = super().page(number)
        page.object_list = self.object_list.filter(pk__in=page.object_list.values("pk"))
        return page


# What `StaffSite.register` gives to each class that does not choose otherwise.
LIST_DEFAULTS = {
    "paginator": KeysFirstPaginator,
    "list_per_page": 50,
    "list_max_show_all": 100,
    # It would count the whole table once more beside each filtered list.
    "show_full_result_count": False,
    # So would facets, once for each filter.
    "show_facets": admin.ShowFacets.NEVER,
}


class ProtectedByCount:
    """The part of a ModelAdmin that says what keeps rows from being deleted, as numbers.

    Django would list each of eight thousand reviews, with a query for its name.
    """

    def get_deleted_objects(self, objs, request):
        protected = [words for relation in self._protecting() if (words := _count_of(relation, objs))]
        return ([], {}, set(), protected) if protected else super().get_deleted_objects(objs, request)

    def _protecting(self):
        relations = self.opts.get_fields(include_hidden=True)
        return [each for each in relations if each.auto_created and getattr(each, "on_delete", None) is PROTECT]


def _count_of(relation, objs):
    """Such as “8,000 reviews”; empty if there are none."""
    count = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": objs}).count()
    return f"{count} {model_ngettext(relation.related_model, count)}" if count else ""


class WordsFilter(admin.SimpleListFilter):
    """A filter beside a list with a field to type in, for choices that are too many to be listed.

    A subclass gives `title`, `parameter_name` and `find()`.
    """

    template = "admin/words_filter.html"
    label = _lazy("Part of the title")
    is_typed = True

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        own = {self.parameter_name, PAGE_VAR, ERROR_FLAG}
        # What else is chosen, for the form to send along.
        self.others = [(name, value) for name, values in request.GET.lists() if name not in own for value in values]

    def find(self, queryset, words: str):
        """The rows of `queryset` that match what was typed."""
        raise NotImplementedError

    def typed(self) -> str:
        """What the field shows."""
        return self.value() or ""

    def lookups(self, request, model_admin):
        return []

    def has_output(self):
        return True

    def queryset(self, request, queryset):
        words = (self.value() or "").strip()
        return self.find(queryset, words) if words else queryset
