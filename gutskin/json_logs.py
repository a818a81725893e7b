"""Logs as one JSON object per line: what happened and where, and nothing that anyone wrote.

An exception is logged as its class and the places it came through. Its message is left out: databases repeat in it
the row that they refused, and mail servers the address. Why not python-json-logger: docs/decisions/0025.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

from gunicorn.glogging import Logger

PROJECT = str(Path(__file__).resolve().parent.parent) + "/"
# What people search for is in the query string of an address.
QUERY = re.compile(r"(?<=\S)\?\S+")
# Codes, tokens and keys of links: longer than any other part of our addresses.
SECRET = re.compile(r"(?<=/)[A-Za-z0-9_-]{32,}(?=/|$)")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if isinstance(status := getattr(record, "status_code", None), int):
            entry["status"] = status
        if record.exc_info and record.exc_info[0]:
            entry["error"] = record.exc_info[0].__name__
            entry["at"] = [_place(frame) for frame in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(entry, ensure_ascii=False)


class GunicornLogger(Logger):
    """Gunicorn's own lines in the same format."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())


def without_secrets(text: str) -> str:
    """The text with query strings and the secret parts of addresses replaced by an ellipsis."""
    return SECRET.sub("…", QUERY.sub("?…", text))


def _place(frame):
    return f"{frame.filename.removeprefix(PROJECT)}:{frame.lineno} {frame.name}"
