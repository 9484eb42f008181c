"""Compiles and checks message catalogues in Python, so that an installation needs no gettext."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings

VARIABLE = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?\w+")


def catalogues() -> Iterator[Path]:
    """Paths of the .po files, one for each language."""
    for folder in settings.LOCALE_PATHS:
        yield from sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))


def compile_stale() -> int:
    """Compile the catalogues that changed since they were compiled; returns how many. Several processes may."""
    stale = [path for path in catalogues() if _is_stale(path)]
    for path in stale:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:  # one for each process
            draft = Path(folder) / "django.mo"
            polib.pofile(str(path)).save_as_mofile(str(draft))
            draft.replace(path.with_suffix(".mo"))
    return len(stale)


def find_errors(path: Path) -> list[str]:
    """Errors of a catalogue: texts without a translation, with a fuzzy one, or with other variables."""
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    wrong = [entry for entry in entries if not entry.translated() or entry.fuzzy or not _same_variables(entry)]
    return [f"{path.parent.parent.name}: {entry.msgid!r} ({_places(entry)})" for entry in wrong]


def _same_variables(entry: polib.POEntry) -> bool:
    """Whether each translation has the variables and tags of its text, in any order."""
    expected = set(VARIABLE.findall(entry.msgid_plural or entry.msgid))
    return all(set(VARIABLE.findall(text)) == expected for text in _translations(entry))


def _translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime


def _places(entry: polib.POEntry) -> str:
    return ", ".join(name for name, _line in entry.occurrences[:2])
