"""Message catalogues without gettext: compiled in Python, so that a start needs nothing else."""

from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings


def catalogues() -> Iterator[Path]:
    """The texts' translations, one file a language."""
    for folder in settings.LOCALE_PATHS:
        yield from sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))


def compile_stale() -> int:
    """Compile what changed since it was last compiled; returns how many files that were."""
    stale = [path for path in catalogues() if _is_stale(path)]
    for path in stale:
        draft = path.with_suffix(".draft")
        polib.pofile(str(path)).save_as_mofile(str(draft))
        draft.rename(path.with_suffix(".mo"))
    return len(stale)


def gaps(path: Path) -> list[str]:
    """What is missing in a catalogue: texts without a translation, or with a guessed one."""
    entries = polib.pofile(str(path))
    missing = [*entries.untranslated_entries(), *entries.fuzzy_entries()]
    return [f"{path.parent.parent.name}: {entry.msgid!r} ({_places(entry)})" for entry in missing]


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime


def _places(entry: polib.POEntry) -> str:
    return ", ".join(name for name, _line in entry.occurrences[:2])
