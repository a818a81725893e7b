from django.db.models import Aggregate, JSONField


class RowsAsJSON(Aggregate):
    """The rows of a subquery as one JSON list, so that a page asks no further query for them."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **extra_context):
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra_context)
