"""Logs as one JSON object a line: what happened where, and nothing of what anybody wrote.

An exception is told by its class and the places it came through. Its own words are left out: a database repeats in them
the row that it refused, a mail server the address.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

from gunicorn.glogging import Logger

PROJECT = str(Path(__file__).resolve().parent.parent) + "/"
# What people search for stands behind the question mark of an address.
QUERY = re.compile(r"(?<=\S)\?\S+")
# Codes, tokens and keys of links: longer than any word of ours in an address.
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
    """The server's own lines in the same form."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())


def without_secrets(text: str) -> str:
    return SECRET.sub("…", QUERY.sub("?…", text))


def _place(frame):
    return f"{frame.filename.removeprefix(PROJECT)}:{frame.lineno} {frame.name}"
