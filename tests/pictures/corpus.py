"""The collection of odd and hostile picture files; not all may be published, see ``tests.datafiles``."""

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.datafiles import data_file, manifest, needed


@dataclass(frozen=True)
class Specimen:
    """One file and how it must be treated: accept, accept-after-strip, reject, or either."""

    name: str
    expected: str

    @property
    def content(self) -> bytes:
        return needed(f"photos/{self.name}").read_bytes()

    @property
    def is_here(self) -> bool:
        return data_file(f"photos/{self.name}").exists()


def specimens() -> list[Specimen]:
    """Every file of the collection, also those that are not here."""
    return [Specimen(row["file"], row["expected"]) for row in manifest("photos")]


def upload(name: str) -> SimpleUploadedFile:
    """A file of the collection, as a browser would send it."""
    return SimpleUploadedFile(name, needed(f"photos/{name}").read_bytes(), content_type="image/jpeg")
