"""Static files: a finder for Bootstrap's package, and a storage that caches URLs."""

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
#: pictures in data: URLs, which our CSP forbids (elements.css has files instead), and the URL of the source map
UNWANTED = re.compile(r'url\("data:[^"]*"\)|/\*# sourceMappingURL=.*?\*/')


class CachedUrlStorage(CompressedManifestStaticFilesStorage):
    """Computes the URL of a file once: a page has a dozen, and they do not change while the server runs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._urls: dict[tuple[str, bool], str] = {}

    def url(self, name: str, force: bool = False) -> str:
        key = name, force or not settings.DEBUG
        if key not in self._urls:
            self._urls[key] = super().url(name, force)
        return self._urls[key]


class _Prefixed(FileSystemStorage):
    """A storage whose files ``collectstatic`` puts below ``prefix``."""

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
        """Returns an empty list for no match, like Django's own finders; Django would take None for a match."""
        hit = self.storage.path(NAME) if path == f"{PREFIX}/{NAME}" else ""
        if find_all:
            return [hit] if hit else []
        return hit or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        yield NAME, self.storage


def _folder() -> Path:
    """The folder with the style sheet as it is served; it is written when the package's file has changed."""
    served = Path(settings.DATA_DIR) / "assets" / NAME
    css = UNWANTED.sub(lambda match: "none" if match[0].startswith("url") else "", _original().read_text())
    if not served.exists() or served.read_text() != css:
        served.parent.mkdir(parents=True, exist_ok=True)
        draft = served.with_suffix(f".{os.getpid()}")
        draft.write_text(css)
        draft.replace(served)
    return served.parent


def _original() -> Path:
    """The package's style sheet; found without an import, because the package has no code."""
    spec = find_spec("bootstrap")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("bootstrap-wrapper is not installed: run `pip install -r requirements.txt`.")
    return Path(next(iter(spec.submodule_search_locations))) / "css" / NAME
