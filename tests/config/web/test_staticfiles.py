"""The URLs of static files."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.web.staticfiles import CachedUrlStorage


def test_an_address_is_worked_out_once_for_each_way_to_serve(settings: Any, tmp_path: Path) -> None:
    files = CachedUrlStorage(location=tmp_path)
    files.hashed_files = {"css/look.css": "css/look.1a2b.css"}
    with patch.object(
        CompressedManifestStaticFilesStorage, "url", autospec=True, side_effect=CompressedManifestStaticFilesStorage.url
    ) as worked_out:
        for debug, address in ((False, "css/look.1a2b.css"), (True, "css/look.css")) * 2:
            settings.DEBUG = debug
            assert files.url("css/look.css") == f"{settings.STATIC_URL}{address}"
            assert files.url("css/look.css", force=True) == f"{settings.STATIC_URL}css/look.1a2b.css"
    assert worked_out.call_count == 2
