"""Static files: those that come out of installed packages, and the address of each."""

import os
import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, overload

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

NAME = "bootstrap.min.css"
PREFIX = "bootstrap"
#: pictures in data: addresses, which our policy refuses (elements.css has files instead), and the map's address
UNWANTED = re.compile(r'url\("data:[^"]*"\)|/\*# sourceMappingURL=.*?\*/')


class KeptAddresses(CompressedManifestStaticFilesStorage):
    """Works the address of a file out once: a page names a dozen, and they stay the same while the server runs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: dict[tuple[str, bool], str] = {}

    def url(self, name: str, force: bool = False) -> str:
        key = name, force or not settings.DEBUG
        if key not in self._kept:
            self._kept[key] = super().url(name, force)
        return self._kept[key]


class _Prefixed(FileSystemStorage):
    """``collectstatic`` puts what it holds below ``prefix``."""

    prefix = PREFIX


class BootstrapFinder(BaseFinder):
    """Offers Bootstrap's style sheet as ``bootstrap/bootstrap.min.css`` and nothing else of the package."""

    def __init__(self, app_names: Iterable[str] | None = None) -> None:
        self.storage = _Prefixed(location=_folder())

    @overload
    def find(self, path: str, find_all: Literal[False] = False) -> str | None: ...
    @overload
    def find(self, path: str, find_all: Literal[True]) -> list[str]: ...
    def find(self, path: str, find_all: bool = False) -> str | list[str] | None:
        """Nothing found is an empty list, as Django's own finders have it: it would take None for a match."""
        hit = self.storage.path(NAME) if path == f"{PREFIX}/{NAME}" else ""
        if find_all:
            return [hit] if hit else []
        return hit or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        yield NAME, self.storage


def _folder() -> Path:
    """Where the style sheet lies as it is served, made from the package's."""
    served = Path(settings.DATA_DIR) / "assets" / NAME
    css = UNWANTED.sub(lambda match: "none" if match[0].startswith("url") else "", _original().read_text())
    if not served.exists() or served.read_text() != css:
        served.parent.mkdir(parents=True, exist_ok=True)
        draft = served.with_suffix(f".{os.getpid()}")
        draft.write_text(css)
        draft.replace(served)
    return served.parent


def _original() -> Path:
    """The file is found without importing: the package ships files only."""
    spec = find_spec("bootstrap")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("bootstrap-wrapper is not installed: run `pip install -r requirements.txt`.")
    return Path(next(iter(spec.submodule_search_locations))) / "css" / NAME
