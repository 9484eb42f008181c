"""``manage.py makemessages``: Django's, and what it writes depends only on the texts."""

from pathlib import Path

import polib
from django.core.management.commands import makemessages

CHANGES_EVERY_TIME = "POT-Creation-Date"
UNWRAPPED = 0


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Without guesses, which cost a translator more than a gap, and in one form for all versions of gettext."""
        super().write_po_file(potfile, locale)
        rewrite(Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po")


def rewrite(path: Path) -> None:
    """Write the catalogue anew without the date of its making, every file of an entry once and all on one line."""
    catalogue = polib.pofile(str(path), wrapwidth=UNWRAPPED)
    catalogue.metadata.pop(CHANGES_EVERY_TIME, None)
    for entry in catalogue:
        entry.occurrences = sorted({(name, "") for name, _line in entry.occurrences})
    catalogue.save(str(path))
