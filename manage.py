#!/usr/bin/env python
"""Django's command line for GutSkin."""

import os
import sys


def main():
    # Databases, backups and mail that a command writes are for their owner only.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gutskin.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # What is missing is said in one sentence; where in our code it was missed helps nobody.
        sys.exit(str(error))
    except KeyboardInterrupt as error:
        from gutskin.interrupted import say_how_to_go_on

        sys.exit(say_how_to_go_on(sys.argv, error, sys.stderr))


if __name__ == "__main__":
    main()
