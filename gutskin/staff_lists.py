"""The lists of the staff's site, whatever somebody writes into their addresses."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError


class StaffList(ChangeList):
    """A value that the database cannot take, a number of thirty digits or a day in the year 10000, is answered as
    Django answers an unknown filter: with the list itself, unfiltered (`?e=1`).

    Django looks for such values before it asks the database; some are only found by asking.
    """

    def get_queryset(self, request, exclude_parameters=None):
        if any("regex" in name for name in self.filter_params):
            # No link of ours has one; the wrong one stops the database, or keeps it busy.
            raise IncorrectLookupParameters
        try:
            return super().get_queryset(request, exclude_parameters)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request):
        try:
            super().get_results(request)
        except (DataError, OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error


def staff_list(model_admin, request, **kwargs):
    """Stands for `ModelAdmin.get_changelist` in every registered class that has none of its own."""
    return StaffList
