"""Canaries: words that occur nowhere else. If one turns up in plain text, something has leaked."""

import json
import re
from email.message import Message

from django.contrib.sessions.models import Session
from django.db import connection

MARK = "zqcanary"


class Canaries:
    """A word for each field where people type; remembers which fields were used."""

    def __init__(self):
        self.typed = set()

    def __call__(self, place: str) -> str:
        """`place` is the form and its field, such as "NoteForm.text"."""
        self.typed.add(place)
        return f"{MARK} {place}"

    def joined(self, place: str) -> str:
        """The same without a blank, for an address, a file name or a code."""
        return self(place).replace(" ", ".")


def found_in(text: str) -> list[str]:
    """The canaries in it, with what follows each, which says where it was typed."""
    return re.findall(rf"{MARK}.{{0,40}}", text, re.I | re.S)


def found_in_database() -> dict[str, list[str]]:
    """Column -> canaries, over every table that the database has; sessions are decoded."""
    found = {}
    for column, text in _values():
        if canaries := found_in(text):
            found.setdefault(column, []).extend(canaries)
    return found


def found_in_mail(message: Message) -> list[str]:
    """In headers and parts, except in the To header: a mail needs a recipient."""
    texts = [f"{name}: {value}" for name, value in message.items() if name != "To"]
    for part in message.walk():
        if not part.is_multipart():
            texts.append(part.get_payload(decode=True).decode())
    return found_in("\n".join(texts))


def _values():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  names from the database
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}", _as_text(value)
    for session in Session.objects.all():
        yield "django_session, decoded", json.dumps(session.get_decoded(), ensure_ascii=False)


def _as_text(value):
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("latin-1")
    return str(value)
