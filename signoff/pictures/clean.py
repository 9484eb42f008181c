"""Clean an upload: a picture that is safe to store, or a sentence that says why not."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signoff.pictures.filenames import display_name, document_name
from signoff.pictures.sandbox import client
from signoff.pictures.sandbox.limits import (
    DISK_FULL,
    DOCUMENT,
    DOCUMENT_WANTED,
    HEAD,
    LOGO,
    LOGO_WANTED,
    MAX_BYTES,
    MAX_PAGES,
    MAX_PIXELS,
    is_document,
)
from signoff.pictures.turns import has_turn

logger = logging.getLogger(__name__)

#: pictures of one thing (a line, a parcel's outside, an answer); each costs a process that decodes it
LIMIT = 12
#: bytes of a form with as many of the largest pictures, and its words
FORM_MAX = LIMIT * MAX_BYTES + 1024**2


class PictureRefused(Exception):
    """The upload is refused. The message is a sentence with file name, reason and advice: plain text, to be escaped.

    ``reason`` is one word for it. ``exhausted`` says that a limit of the sandbox ended it without an answer.
    """

    def __init__(self, sentence: str, *, reason: str = "", exhausted: bool = False) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.exhausted = exhausted


@dataclass(frozen=True, repr=False)
class CleanPicture:
    """A re-encoded picture in memory, with fields named as on ``models.Picture``.

    ``picture`` and ``thumbnail`` are JPEG without metadata; the claims are copied from the original's metadata.
    """

    picture: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str
    dhash: str
    original_format: str
    taken_at_claim: datetime | None
    camera_claim: str
    peak_kilobytes: int


@dataclass(frozen=True, repr=False)
class CleanDocument:
    """A PDF that was written anew, in memory. ``name`` is what pages call it; ``sha256`` is the original's."""

    content: bytes
    name: str
    pages: int
    sha256: str


type CleanFile = CleanPicture | CleanDocument


def clean(upload: UploadedFile) -> CleanPicture:
    """Re-encode ``upload`` in a confined process. Raises ``PictureRefused``; the temporary files are removed."""
    with _quarantine() as folder:
        sha256, answer = _examined(upload, folder)
        return CleanPicture(
            picture=(folder / "picture.jpg").read_bytes(),
            thumbnail=(folder / "thumbnail.jpg").read_bytes(),
            width=answer["width"],
            height=answer["height"],
            sha256=sha256,
            dhash=answer["dhash"],
            original_format=answer["format"],
            taken_at_claim=_moment(answer["taken_at"]),
            camera_claim=answer["camera"],
            peak_kilobytes=answer["peak_kilobytes"],
        )


def clean_logo(upload: UploadedFile) -> bytes:
    """Re-encode a shop's logo in the same way: a square PNG of at most 256 pixels. Raises ``PictureRefused``."""
    with _quarantine() as folder:
        (folder / LOGO_WANTED).touch()
        _examined(upload, folder)
        return (folder / LOGO).read_bytes()


def clean_file(upload: UploadedFile) -> CleanFile:
    """A PDF or a picture, by its first bytes: its name and type say nothing. Raises ``PictureRefused``."""
    head = upload.read(HEAD)
    upload.seek(0)
    if is_document(head):
        return clean_document(upload)
    try:
        return clean(upload)
    except PictureRefused as refusal:
        if refusal.reason != "unknown":
            raise
        raise _refusal("unknown file", upload) from refusal


def clean_document(upload: UploadedFile) -> CleanDocument:
    """Write a PDF anew in the same confined process (``sandbox.documents``). Raises ``PictureRefused``."""
    with _quarantine() as folder:
        (folder / DOCUMENT_WANTED).touch()
        sha256, answer = _examined(upload, folder)
        return CleanDocument((folder / DOCUMENT).read_bytes(), document_name(upload.name), answer["pages"], sha256)


def clean_each(uploads: Iterable[UploadedFile], *, existing: int = 0) -> tuple[list[CleanPicture], list[str]]:
    """``clean`` several uploads, as ``clean_all_by`` says."""
    return clean_all_by(clean, uploads, existing=existing)


def clean_files(uploads: Iterable[UploadedFile], *, existing: int = 0) -> tuple[list[CleanFile], list[str]]:
    """``clean_file`` several uploads, as ``clean_all_by`` says."""
    return clean_all_by(clean_file, uploads, existing=existing)


def clean_all_by[File](
    clean_one: Callable[[UploadedFile], File], uploads: Iterable[UploadedFile], *, existing: int
) -> tuple[list[File], list[str]]:
    """Clean several uploads; returns the files that passed and a sentence for each refusal.

    ``existing`` pictures count towards ``LIMIT``. Uploads beyond it are refused unopened: decoding is expensive. So are
    all while others have their turn (``signoff.pictures.turns``), and those after one that used up its limits.
    """
    uploads = list(uploads)
    if uploads and not has_turn():
        return [], [busy_sentence()]
    room = max(0, LIMIT - existing)
    pictures, refusals = [], []
    for number, upload in enumerate(uploads[:room], start=1):
        try:
            pictures.append(clean_one(upload))
        except PictureRefused as refusal:
            refusals.append(str(refusal))
            if refusal.exhausted and number < len(uploads):
                return pictures, [*refusals, _unopened_sentence()]
    if len(uploads) > room:
        refusals.append(limit_sentence())
    return pictures, refusals


def limit_sentence() -> str:
    """The refusal of a picture that exceeds ``LIMIT``, in the reader's language."""
    return ngettext(
        "At most %(limit)d photo can be kept here. Remove one before you add another.",
        "At most %(limit)d photos can be kept here. Remove one before you add another.",
        LIMIT,
    ) % {"limit": LIMIT}


def busy_sentence() -> str:
    """The refusal of pictures while as many as possible are being checked, in the reader's language."""
    return _(
        "We're checking other photos right now, so yours were not added. Everything else is still here. "
        "Choose them again in a few seconds."
    )


def _unopened_sentence() -> str:
    return _("The photos after it were not opened. Choose them again without it.")


@contextmanager
def _quarantine() -> Iterator[Path]:
    """A folder of mode 0700 that is removed with everything in it."""
    with TemporaryDirectory(prefix="homeward-quarantine-") as name:
        yield Path(name)


def _examined(upload: UploadedFile, folder: Path) -> tuple[str, dict[str, Any]]:
    """SHA-256 of the original and the sandbox's answer, its pictures in ``folder``. Raises ``PictureRefused``."""
    if not upload.size:
        raise _refusal("empty", upload)
    if upload.size > MAX_BYTES:
        raise _refusal("bytes", upload)
    try:
        sha256 = _write_original(upload, folder / "original")
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise _refusal("disk", upload) from error
    answer = client.examine(folder)
    if "refused" in answer:
        logger.info("picture %s refused: %s %s", sha256, answer["refused"], answer.get("why", ""))
        damaged = answer["refused"] == "damaged" and (folder / DOCUMENT_WANTED).exists()
        reason = "damaged file" if damaged else answer["refused"]
        raise _refusal(reason, upload, exhausted=answer.get("why") == client.NO_ANSWER)
    return sha256, answer


def _write_original(upload: UploadedFile, original: Path) -> str:
    """Write the upload to ``original``; returns its SHA-256."""
    digest = hashlib.sha256()
    with original.open("wb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _moment(text: str) -> datetime | None:
    """A claimed time; without an offset it is read in the server's time zone."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment, timezone.get_default_timezone())


def _refusal(reason: str, upload: UploadedFile, *, exhausted: bool = False) -> PictureRefused:
    facts = {"name": display_name(upload.name), "bytes": MAX_BYTES // 1024**2, "pixels": MAX_PIXELS // 10**6}
    facts["pages"] = MAX_PAGES
    return PictureRefused(_sentence(reason) % facts, reason=reason, exhausted=exhausted)


def _sentence(reason: str) -> str:
    """The sentence for a reason given by ``clean`` or the sandbox, in the reader's language."""
    return {
        "empty": _("%(name)s: this file is empty. Choose the picture again or retake it."),
        "bytes": _("%(name)s: this file is larger than %(bytes)s MB. Choose a smaller version or upload a screenshot."),
        "pixels": _(
            "%(name)s: this picture has more than %(pixels)s megapixels. Choose a lower resolution on the "
            "camera, or upload a screenshot."
        ),
        "frames": _("%(name)s: this animation is too long. Upload a photo or a screenshot instead."),
        "disk": _("%(name)s: there is no room for pictures at the moment. Please try again later."),
        "scans": _(
            "%(name)s: this picture is saved in a way that takes too long to open. Upload a screenshot of it instead."
        ),
        "memory": _("%(name)s: this picture is too large to check. Upload a smaller version or a screenshot."),
        "video": _("%(name)s: this is a video; only pictures can be uploaded here. Upload photos of what it shows."),
        "heic": _(
            "%(name)s: HEIC pictures can't be read here. Set the camera to “Most compatible”, or upload a screenshot."
        ),
        "unknown": _(
            "%(name)s: this picture can't be read. Upload JPEG, PNG, WebP, GIF, HEIC or AVIF, or take a photo."
        ),
        "unknown file": _(
            "%(name)s: this file can't be accepted. Send a picture (JPEG, PNG, WebP, GIF, HEIC, AVIF) or a PDF."
        ),
        "locked": _("%(name)s: this PDF is protected by a password. Save it without one, or send a screenshot."),
        "pages": _(
            "%(name)s: this PDF has no pages or more than %(pages)s. Send only the pages that matter, "
            "or a screenshot of them."
        ),
        "complex": _("%(name)s: this PDF is built in a way that can't be checked. Send a screenshot or a print of it."),
        "damaged file": _(
            "%(name)s: this file is damaged or incomplete. Choose it again; if that doesn't help, send a screenshot."
        ),
        "blank": _(
            "%(name)s: nothing of this logo can be seen on white. Upload it on a ground of its own, such as "
            "your colour."
        ),
        "damaged": _(
            "%(name)s: this picture is damaged or incomplete. Choose it again; if that doesn't help, take a new "
            "photo or upload a screenshot."
        ),
    }[reason]
