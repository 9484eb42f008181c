"""Static files that come out of installed packages."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FILES = ("bootstrap.min.css", "bootstrap.min.css.map")
PREFIX = "bootstrap"


class BootstrapFinder(BaseFinder):
    """Offers Bootstrap's style sheet as ``bootstrap/bootstrap.min.css`` and nothing else of the package."""

    def __init__(self, app_names: Iterable[str] | None = None) -> None:
        self.storage = FileSystemStorage(location=_folder())
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]

    def find(self, path: str, find_all: bool = False) -> str | list[str]:
        prefix, _, name = path.partition("/")
        known = prefix == PREFIX and name in FILES
        hit = self.storage.path(name) if known else ""
        if find_all:
            return [hit] if hit else []
        return hit or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for name in FILES:
            yield name, self.storage


def _folder() -> Path:
    """The folder is found without importing: the package ships files only."""
    spec = find_spec("bootstrap")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("bootstrap-wrapper is not installed: run `pip install -r requirements.txt`.")
    return Path(next(iter(spec.submodule_search_locations))) / "css"
