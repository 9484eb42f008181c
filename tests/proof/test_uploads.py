"""Whatever is sent through a real upload form comes out as its pixels alone, or not at all and with a sentence."""

import html
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from inspection.models import Photo
from returns.intake.drafts import choose, start
from returns.lifecycle.actions import move
from returns.models import Case, Evidence
from signoff.pictures.filenames import display_name
from signoff.pictures.models import Picture
from signoff.pictures.sandbox.limits import MAX_BYTES
from tests.datafiles import data_file, needed
from tests.factories import OrderFactory, ReasonFactory, UserFactory, make_case
from tests.pictures.corpus import Specimen, specimens
from tests.proof.hostile_files import Sample, hostile
from tests.proof.jpeg_segments import carried
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db
KINDS = ("EXIF", "GPS", "XMP", "ICC", "comment")
NAIVE = {
    "gps_nikon_1.jpg": "GPS",
    "phone_jolla.jpg": "EXIF",
    "jpeg_big_icc.jpg": "ICC",
    "xss_in_jpeg_comment.jpg": "comment",
}


@dataclass
class UploadPage:
    """Where a file goes in, who may see what came of it, and the rows that are made."""

    client: Client
    path: str
    field: str
    rows: type[Picture]
    serves: str
    said: dict[str, str]

    def send(self, name: str, content: bytes) -> str | Picture:
        """The picture that was kept, or the page that says why it was not."""
        before = self.rows.objects.count()
        file = SimpleUploadedFile("x", content, content_type="image/jpeg")
        file.name = name  # as it came, not as Django would clean it
        answer = self.client.post(self.path, self.said | {self.field: [file]}, follow=True)
        assert answer.status_code == 200
        kept = self.rows.objects.order_by("pk").last() if self.rows.objects.count() > before else None
        return kept or html.unescape(answer.text)

    def fetch(self, picture: Picture, size: str) -> bytes:
        answer = self.client.get(reverse(self.serves, args=[picture.token, size]))
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        return b"".join(answer.streaming_content)


@pytest.fixture
def portal(client: Client) -> UploadPage:
    """A shopper writes a request: photos are kept with the draft."""
    order = OrderFactory()
    ReasonFactory(shop=order.shop)
    draft = choose(start(order), quantities={order.lines.first().pk: 1})
    path = reverse("returns:request-details", args=[order.token, draft.token])
    return UploadPage(enter(client, order), path, "line1-photos", Evidence, "returns:evidence", {"upload": "1"})


@pytest.fixture
def bench() -> UploadPage:
    """An inspector receives a parcel, with a count that is refused: photos are kept all the same."""
    client = Client()
    client.force_login(UserFactory(role="inspector"))
    case = make_case()
    for step in (Case.propose, Case.authorise):
        case = move(case, step, by=None)
    said = {"seen": str(case.seq), f"count_{case.lines.get().pk}": "10001"}
    return UploadPage(
        client, reverse("inspection:receive", args=[case.number]), "pictures", Photo, "inspection:photo", said
    )


def test_every_file_of_the_collection_is_treated_as_its_manifest_says(
    portal: UploadPage, bench: UploadPage, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    every = size(3, 1)
    against, kinds, sent = [], Counter(dict.fromkeys(KINDS, 0)), 0
    for at, specimen in enumerate(here()[::every]):
        for upload in (portal, bench) if every == 1 else (portal, bench)[at % 2 : at % 2 + 1]:
            sent += 1
            outcome = upload.send(specimen.name, specimen.content)
            against += judged(specimen, outcome)
            if isinstance(outcome, Picture):
                kinds.update(kind for copy in ("full", "thumbnail") for kind in carried(upload.fetch(outcome, copy)))
                outcome.delete()  # a request has room for twelve
    assert against == []
    enough = size(14, 2 * len(here()))
    figure("uploads", "files sent through the upload forms of shoppers and inspectors", sent, "", f"≥ {enough}")
    figure("uploads", "files not treated as the manifest says", len(against), "", "= 0")
    for kind in KINDS:
        figure("uploads", f"stored pictures and thumbnails that carry {kind}", kinds[kind], "", "= 0")
    figure("uploads", "any other segment or tail", kinds.total() - sum(kinds[kind] for kind in KINDS), "", "= 0")


def judged(specimen: Specimen, outcome: str | Picture) -> list[str]:
    """What is wrong with the treatment of a specimen."""
    if isinstance(outcome, Picture):
        return [f"{specimen.name} was kept"] if specimen.expected == "reject" else []
    if specimen.expected not in ("reject", "either"):
        return [f"{specimen.name} was refused"]
    named = re.search(re.escape(display_name(specimen.name)) + r": this [^<]+\.", outcome)
    return [] if named else [f"{specimen.name} was refused without a sentence that names it"]


def test_no_file_takes_more_than_half_a_gigabyte(
    tmp_path: Path, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    most = max(peak(content, tmp_path) for _name, content in heavy(size(12, 1)))
    figure(
        "uploads",
        "memory of the process that decodes a file, at most",
        most / 1024,
        "MiB",
        "≤ 512",
        "kernel's ru_maxrss",
    )


def heavy(every: int) -> Iterator[tuple[str, bytes]]:
    yield from ((specimen.name, specimen.content) for specimen in here()[::every])
    yield "big_200MP.heic", needed("photos/big_200MP.heic").read_bytes()
    if (bomb := data_file("photos/bomb_17000x17000.avif")).exists():
        yield bomb.name, bomb.read_bytes()


def here() -> list[Specimen]:
    """The files of the collection that are here; what is said about one that is not is said by ``test_corpus``."""
    return [specimen for specimen in specimens() if specimen.is_here]


#: the kernel counts what a process was before exec to its peak: asked by one as large as a test run, it would tell of
#: that one. A small process in between starts the worker and tells its peak.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(content: bytes, folder: Path) -> int:
    """Kilobytes that a worker of its own took over ``content``, as the kernel counted them after its death."""
    (folder / "original").write_bytes(content)
    worker = [sys.executable, "-m", "signoff.pictures.sandbox.worker", str(folder)]
    told = subprocess.run(
        [sys.executable, "-c", PEAK, *worker],
        cwd=settings.BASE_DIR,
        env=os.environ | {"MALLOC_ARENA_MAX": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(told.stdout)


def test_the_peak_is_the_workers_and_not_that_of_who_asks(tmp_path: Path) -> None:
    ballast = bytearray(b"x") * (600 * 1024**2)
    assert peak(b"no picture", tmp_path) < len(ballast) // 1024 // 4


@pytest.mark.parametrize("upload", ["portal", "bench"])
@pytest.mark.parametrize("sample", hostile(), ids=lambda sample: sample.what)
def test_what_is_no_plain_picture(upload: str, sample: Sample, request: pytest.FixtureRequest) -> None:
    way: UploadPage = request.getfixturevalue(upload)
    outcome = way.send(sample.name, sample.content)
    if sample.refusal:
        assert isinstance(outcome, str), "was kept"
        assert f"{display_name(sample.name)}: this {sample.refusal}" in " ".join(outcome.split())
    else:
        assert isinstance(outcome, Picture), "was refused"
        stored = way.fetch(outcome, "full") + way.fetch(outcome, "thumbnail")
        assert b"<script" not in stored
        assert b"PK\x03\x04" not in stored


def test_the_samples_are_at_the_edge() -> None:
    sizes = {sample.what: len(sample.content) for sample in hostile()}
    assert (sizes["15 MB"], sizes["15 MB and a byte"]) == (MAX_BYTES, MAX_BYTES + 1)


@pytest.mark.parametrize(("name", "left"), NAIVE.items())
def test_the_reader_finds_what_an_open_and_save_leaves(name: str, left: str) -> None:
    """The negative control: a pipeline that opens and saves, as Pillow's manual has it."""
    with Image.open(needed(f"photos/{name}")) as picture:
        options = {"exif": picture.info.get("exif", b""), "icc_profile": picture.info.get("icc_profile")}
        assert left in carried(saved(picture, **options))


def test_the_reader_finds_a_comment_that_nobody_asked_to_keep() -> None:
    source = BytesIO()
    Image.new("RGB", (64, 64), "peru").save(source, "JPEG", comment=b"<script>alert(1)</script>")
    with Image.open(source) as picture:
        assert carried(saved(picture)) == ["comment"]


def saved(picture: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()
