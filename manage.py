#!/usr/bin/env python
"""Homeward's command line: ``python manage.py help`` lists the commands."""

import os
import sys

from django.core.management import execute_from_command_line

from config.runtime import data_folder, postgres

NEED_NO_DATABASE = {
    "--help",
    "--version",
    "check_catalogues",
    "collectstatic",
    "compile_catalogues",
    "compilemessages",
    "database",
    "help",
    "makemessages",
    "run",  # looks at the port first, then starts it
    "version",
}


def main() -> None:
    """Start the embedded database where the command needs one, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if len(sys.argv) > 1 and sys.argv[1] not in NEED_NO_DATABASE:
            data_folder.keep_private()
            postgres.ensure()
    except postgres.EmbeddedDatabaseError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
