"""JSON in the database with its letters as they are."""

from django.core.serializers.json import DjangoJSONEncoder


class ReadableJSONEncoder(DjangoJSONEncoder):
    r"""For a JSONField that is searched: SQLite keeps JSON as text, in which “é” would otherwise be `\u00e9`."""

    def __init__(self, **options):
        super().__init__(**options | {"ensure_ascii": False})
