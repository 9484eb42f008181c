"""The collection of odd and hostile files: the whole of it where it lies beside the project, else our own part."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

OWN = Path(__file__).parent / "data"
SHARED = Path(settings.BASE_DIR).parent / "shared" / "data" / "photos"
FOLDER = SHARED if (SHARED / "MANIFEST.tsv").exists() else OWN


@dataclass(frozen=True)
class Specimen:
    """One file and how it must be treated: accept, accept-after-strip, reject, or either."""

    name: str
    expected: str

    @property
    def content(self) -> bytes:
        return (FOLDER / self.name).read_bytes()


def specimens() -> list[Specimen]:
    with (FOLDER / "MANIFEST.tsv").open(newline="", encoding="utf-8") as manifest:
        rows = csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Specimen(row["file"], row["expected"]) for row in rows]


def upload(name: str) -> SimpleUploadedFile:
    """A file of the collection that is in both places, as a browser would send it."""
    return SimpleUploadedFile(name, (OWN / name).read_bytes(), content_type="image/jpeg")
