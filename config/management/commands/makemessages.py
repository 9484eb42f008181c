"""``manage.py makemessages``: Django's command with reproducible output, which depends only on the texts."""

from pathlib import Path

import polib
from django.core.management.commands import makemessages

CREATION_DATE = "POT-Creation-Date"
UNWRAPPED = 0


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write the catalogue without fuzzy guesses, and in the same form with every version of gettext."""
        super().write_po_file(potfile, locale)
        rewrite(Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po")


def rewrite(path: Path) -> None:
    """Rewrite the catalogue without its creation date, with unwrapped lines and each file of an entry once."""
    catalogue = polib.pofile(str(path), wrapwidth=UNWRAPPED)
    catalogue.metadata.pop(CREATION_DATE, None)
    for entry in catalogue:
        entry.occurrences = sorted({(name, "") for name, _line in entry.occurrences})
    catalogue.save(str(path))
