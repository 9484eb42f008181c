"""``manage.py check_catalogues``: fail if a text of the code or the templates is not translated."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.i18n.catalogues import catalogues, find_errors

LANGUAGES = ("zh_Hans", "zh_Hant")
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "tests", "staticfiles", "__pycache__", "*.mo", "data")


class Command(BaseCommand):
    help = "Fail when a text has no translation, a guessed one, or is not in the catalogues at all."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        missing = [error for path in catalogues() for error in find_errors(path)]
        missing += [f"{language}: no catalogue" for language in sorted(set(LANGUAGES) - _languages())]
        if shutil.which("xgettext"):
            missing += _uncollected()
        else:
            self.stderr.write("Without gettext nobody can tell whether the catalogues are whole; only they were read.")
        if missing:
            raise CommandError("\n".join([f"{len(missing)} texts want a translation:", *missing[:50]]))


def _languages() -> set[str]:
    return {path.parent.parent.name for path in catalogues()}


def _uncollected() -> list[str]:
    """Texts that ``make messages`` would add. It runs on a copy, so that the check changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "homeward"
        shutil.copytree(settings.BASE_DIR, copy, ignore=NOT_COPIED)
        command = [sys.executable, "manage.py", "makemessages", "--no-obsolete", "-v0"]
        command += [part for language in LANGUAGES for part in ("-l", language)]
        subprocess.run(command, cwd=copy, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        return [
            f"{path.parent.parent.name}: {text!r} is not in the catalogue; run make messages"
            for path in catalogues()
            for _context, text in _texts(copy / path.relative_to(settings.BASE_DIR)) - _texts(path)
        ]


def _texts(path: Path) -> set[tuple[str, str]]:
    return {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete}
