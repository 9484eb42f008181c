"""A full disk is a sentence on the form, and nothing half-written is left."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.storage.filesystem import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from returns.intake.drafts import choose, start
from returns.lifecycle.actions import move
from returns.models import Case, Evidence
from signoff.models import OrderImport
from signoff.pictures.clean import PictureRefused, clean
from signoff.pictures.storage import StorageFull, full_sentence
from tests.factories import OrderFactory, ReasonFactory, ShopFactory, UserFactory, make_case
from tests.pictures.corpus import upload
from tests.steps.order_lookup import enter

KILOBYTE = 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB of its own; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def full_media(small_disk: Path, settings: Any) -> Path:
    """Media on a disk with a few free bytes: a thumbnail may have room, a picture has none."""
    settings.MEDIA_ROOT = small_disk
    (small_disk / "other").write_bytes(bytes(60 * KILOBYTE))
    return small_disk


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_without_room_leaves_no_part(full_media: Path) -> None:
    with pytest.raises(StorageFull, match="There is no room for files"):
        default_storage.save("a/b.bin", ContentFile(bytes(32 * KILOBYTE)))
    assert files_in(full_media) == ["other"]


def test_negative_control_djangos_own_storage_leaves_a_part(full_media: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        FileSystemStorage(full_media).save("a/b.bin", ContentFile(bytes(32 * KILOBYTE)))
    assert files_in(full_media) == ["b.bin", "other"]


@pytest.mark.django_db
def test_a_photo_without_room_is_a_sentence_beside_the_words(client: Client, full_media: Path) -> None:
    order = OrderFactory()
    ReasonFactory(shop=order.shop)
    draft = choose(start(order), quantities={order.lines.first().pk: 1})
    enter(client, order)
    path = reverse("returns:request-details", args=[order.token, draft.token])
    photos = [upload("png_named.jpg"), upload("orient_landscape_1.jpg")]
    answer = client.post(path, {"upload": "1", "line1-words": "It broke.", "line1-photos": photos})
    assert (answer.status_code, full_sentence() in answer.text, "It broke." in answer.text) == (200, True, True)
    assert (files_in(full_media), Evidence.objects.count()) == (["other"], 0)
    (full_media / "other").unlink()
    assert client.post(path, {"upload": "1", "line1-photos": [upload("png_named.jpg")]}).status_code == 302
    assert Evidence.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_with_photos_without_room_comes_back_with_its_words(client: Client, full_media: Path) -> None:
    case = move(make_case(), Case.request_information, by=None)
    enter(client, case.order)
    path = reverse("returns:shopper-step", args=[case.number, "supply_information"])
    said = {"seen": case.seq, "words": "Here you see it."}
    answer = client.post(path, said | {"photos": [upload("orient_landscape_1.jpg")]})
    assert (answer.status_code, full_sentence() in answer.text, "Here you see it." in answer.text) == (200, True, True)
    assert (files_in(full_media), Evidence.objects.count()) == (["other"], 0)
    assert Case.objects.get(pk=case.pk).status == "waiting_on_shopper"


@pytest.mark.django_db
def test_a_file_to_import_without_room_is_a_sentence(client: Client, full_media: Path) -> None:
    client.force_login(UserFactory(role="manager"))
    file = SimpleUploadedFile("orders.csv", b"No,Sku\n" * 8000)
    answer = client.post(reverse("signoff:import-send"), {"shop": ShopFactory().pk, "files": [file]})
    assert (answer.status_code, full_sentence() in answer.text) == (200, True)
    assert (files_in(full_media), OrderImport.objects.count()) == (["other"], 0)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [64 * KILOBYTE + 1, 512 * KILOBYTE], ids=["the last bytes", "many bytes"])
@pytest.mark.parametrize("name", ["signoff:import-send", "signoff:find"])
def test_a_temporary_file_without_room_is_a_sentence_with_the_words(
    client: Client, small_disk: Path, settings: Any, name: str, size: int
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = small_disk, KILOBYTE
    client.force_login(UserFactory(role="manager"))
    client.handler.enforce_csrf_checks = True  # the check reads the body, before any view
    client.cookies["csrftoken"] = "a" * 32
    file = SimpleUploadedFile("orders.csv", bytes(size))
    said = {"csrfmiddlewaretoken": "a" * 32, "shop": ShopFactory().pk, "files": [file], "words": "It broke."}
    answer = client.post(reverse(name), said)
    assert (answer.status_code, full_sentence() in answer.text, "It broke." in answer.text) == (507, True, True)
    assert files_in(small_disk) == []


def test_a_quarantine_without_room_refuses_the_picture(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(small_disk))
    with pytest.raises(PictureRefused, match="there is no room for pictures"):
        clean(upload("orient_landscape_1.jpg"))
    assert files_in(small_disk) == []
