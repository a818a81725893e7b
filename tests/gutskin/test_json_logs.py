import json
import logging
import sys

import pytest
from django.conf import settings
from gunicorn.config import Config

from gutskin.json_logs import GunicornLogger, JsonFormatter
from tests import production


def logged(message, *arguments, error=None, **extra):
    record = logging.LogRecord("consultations", logging.ERROR, __file__, 1, message, arguments, error)
    record.__dict__ |= extra
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return json.loads(line)


def an_error():
    try:
        raise ValueError("row contains (Amina Okafor, itchy elbows)")
    except ValueError:
        return sys.exc_info()


def test_a_line_is_an_object_with_time_level_logger_and_message():
    entry = logged("The database did not answer for %s", "/consult/", status_code=503)

    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "ERROR",
        "logger": "consultations",
        "message": "The database did not answer for /consult/",
        "status": 503,
    }


def test_an_error_is_logged_by_class_and_place_without_its_message():
    entry = logged("Broken", error=an_error())

    assert entry["error"] == "ValueError"
    assert entry["at"][-1].startswith("tests/gutskin/test_json_logs.py:")
    assert "Amina" not in json.dumps(entry)


@pytest.mark.parametrize(
    "message, told",
    [
        ("Not Found: /search/?q=eczema+on+my+face", "Not Found: /search/?…"),
        ("Bad Request: /consult/code/Zb3kQ9vLr0aYtW2mNp5xUj7sHd1gFc4e/", "Bad Request: /consult/code/…/"),
        ("Is this a question?", "Is this a question?"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_no_query_and_no_secret_of_an_address_is_written(message, told):
    assert logged(message)["message"] == told


def test_the_site_logs_in_this_format():
    assert settings.LOGGING["handlers"]["stderr"]["formatter"] == "json"
    assert settings.LOGGING["formatters"]["json"]["()"] == "gutskin.json_logs.JsonFormatter"


def test_gunicorn_logs_in_this_format(capfd):
    config = Config()
    config.set("loglevel", "warning")
    logger = GunicornLogger(config)
    logger.warning("Worker was sent %s", "SIGKILL")

    assert json.loads(capfd.readouterr().err)["message"] == "Worker was sent SIGKILL"
    assert "gutskin.json_logs.GunicornLogger" in (production.ROOT / "Procfile").read_text()
