#!/usr/bin/env python
"""Homeward's command line: ``python manage.py help`` lists the commands."""

import os
import sys

from config import embedded

NEED_NO_DATABASE = {"help", "makemessages", "compilemessages", "collectstatic", "version", "--version", "--help"}


def main() -> None:
    """Start the embedded database where the command needs one, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    if len(sys.argv) > 1 and sys.argv[1] not in NEED_NO_DATABASE:
        embedded.ensure()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
