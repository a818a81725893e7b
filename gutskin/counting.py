"""Counting in the database."""

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def number_of(rows: QuerySet):
    """The number of rows, as an expression for `annotate()` and `values_list()`; `rows` may refer to the outer query.

    A subquery, so that the outer query has no GROUP BY: PostgreSQL locks no rows of one that has.
    """
    # Grouped by a constant they are one group, where Django would group by primary key and count each row for itself.
    # With no rows there is no group.
    counted = rows.order_by().values(everything=Value(1)).annotate(row_count=Count("pk")).values("row_count")
    return Coalesce(Subquery(counted), 0)
