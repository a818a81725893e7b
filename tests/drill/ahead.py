"""A command of the site on a machine whose clock is ten minutes ahead: `python -m tests.drill.ahead send_mail_queue`.

The clock is that of time-machine, of the tests' requirements: what Python asks for the time is told the wrong one.
"""

import os
import sys
from datetime import UTC, datetime, timedelta

import time_machine
from django.core.management import execute_from_command_line

AHEAD = timedelta(minutes=10)


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "gutskin.settings"
    with time_machine.travel(datetime.now(UTC) + AHEAD):
        execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
