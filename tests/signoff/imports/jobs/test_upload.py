"""Orders are sent in: what is ours is understood, what is not gets a sentence that names the file."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client

from signoff.imports.jobs import actions as jobs
from signoff.models import ImportFile, OrderImport, Shop
from tests.factories import ShopFactory, UserFactory, uploads

pytestmark = pytest.mark.django_db
SEND = "/desk/imports/new/"
STARS = "⭐ ‮gpj.orders"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="manager"))
    return client


@pytest.fixture
def shop() -> Shop:
    return ShopFactory()


def post(desk: Client, shop: Shop, *files: object) -> object:
    return desk.post(SEND, {"shop": shop.pk, "files": list(files)})


def stored() -> list[Path]:
    return [path for path in (settings.MEDIA_ROOT / "imports").rglob("*") if path.is_file()]


def test_a_file_of_a_known_format_is_shown_next(desk: Client, shop: Shop) -> None:
    response = post(desk, shop, uploads.upload(uploads.retail_csv()))
    sent = OrderImport.objects.get()
    assert (sent.format, sent.state, sent.shop) == ("online-retail", "sent", shop)
    assert response.url == f"/desk/imports/{sent.token}/"


def test_a_table_that_nobody_knows_is_explained_next(desk: Client, shop: Shop) -> None:
    response = post(desk, shop, uploads.upload(uploads.generic_csv()))
    sent = OrderImport.objects.get()
    assert (sent.format, sent.recipe) == ("table", {})
    assert response.url == f"/desk/imports/{sent.token}/columns/"


def test_a_gzipped_file_is_taken_as_it_is(desk: Client, shop: Shop) -> None:
    post(desk, shop, uploads.upload(uploads.gzipped(uploads.retail_csv()), "orders.csv.gz"))
    assert OrderImport.objects.get().format == "online-retail"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“bad.csv”: The file is empty."),
        (b"\xff\xd8\xff\xe0 JFIF", "“bad.csv”: This is a picture, not a list of orders."),
        (b"%PDF-1.7", "“bad.csv”: This is a PDF."),
        (b"<html></html>", "“bad.csv”: This is a web page or XML."),
        (b"PK\x03\x04 and nothing else", "bad.csv: The file is a damaged spreadsheet or archive."),
        (b"\x1f\x8b\x08 broken", "“bad.csv”: The file cannot be read"),
        (b'{"weather": "fine"}', "This JSON contains no orders we recognise"),
        (b'{"orders": [', "bad.csv: The file is not JSON"),
        (b"\x00\x01\x02\x03" * 9, "“bad.csv”: This is not a text file."),
    ],
)
def test_what_is_nothing_of_ours_gets_a_sentence_and_nothing_is_kept(
    desk: Client, shop: Shop, content: bytes, sentence: str
) -> None:
    before = stored()
    response = post(desk, shop, uploads.upload(content, "bad.csv"))
    assert sentence in " ".join(response.context["form"].errors["files"])
    assert (OrderImport.objects.count(), ImportFile.objects.count(), stored()) == (0, 0, before)


def test_of_several_files_each_that_is_wrong_is_named(desk: Client, shop: Shop) -> None:
    response = post(
        desk,
        shop,
        uploads.upload(b"", "one.csv"),
        uploads.upload(uploads.retail_csv()),
        uploads.upload(b"%PDF", "two.csv"),
    )
    assert [error[:9] for error in response.context["form"].errors["files"]] == ["“one.csv”", "“two.csv”"]


def test_files_that_do_not_belong_together_are_refused(desk: Client, shop: Shop) -> None:
    response = post(desk, shop, uploads.upload(uploads.retail_csv()), uploads.upload(uploads.generic_csv()))
    assert response.context["form"].errors["files"] == ["These files don't belong together. Upload them separately."]


def test_more_than_twenty_files_are_refused(desk: Client, shop: Shop) -> None:
    response = post(desk, shop, *[uploads.upload(uploads.retail_csv()) for _ in range(21)])
    assert response.context["form"].errors["files"] == ["Upload 1 to 20 files at a time."]


def test_no_file_at_all_is_asked_for(desk: Client, shop: Shop) -> None:
    assert post(desk, shop).context["form"].errors == {"files": ["Choose an order file."]}


def test_what_is_too_big_is_named_and_not_even_written_to_disk(
    desk: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr("signoff.imports.jobs.views.MAX_BYTES", 3_000_000)
    monkeypatch.setattr(TemporaryUploadedFile, "write", lambda self, data: written.append(len(data)), raising=False)
    response = post(desk, shop, uploads.upload(uploads.retail_csv() + b"," * 9_000_000, "huge.csv"))
    assert response.context["form"].errors == {
        "files": [("“huge.csv” is larger than 2 GB. Split it and upload the parts.")]
    }
    assert sum(written) <= 3_000_000
    assert OrderImport.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "stored_name"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (f"{STARS}.csv", "⭐ gpj.orders.csv"),
        ("a" * 300 + ".csv", "a" * 180),
        ("<script>alert(1)</script>.csv", "script>.csv"),
        ("订单" * 100, "订单" * 30),
        ("...", "file"),
    ],
)
def test_a_hostile_name_is_a_name_and_never_a_path(name: str, stored_name: str) -> None:
    sent = jobs.upload([upload_named(name)], shop=ShopFactory(), by=UserFactory())
    file = sent.files.get()
    assert file.name == stored_name
    assert file.file.name.startswith("imports/")
    assert stored_name not in file.file.name


def upload_named(name: str) -> object:
    """With a name that Django's own upload handlers would have tamed."""
    upload = uploads.upload(uploads.retail_csv())
    upload._name = name
    return upload


def test_a_name_with_markup_does_no_harm_on_pages(desk: Client) -> None:
    sent = jobs.upload([upload_named("<b>orders</b>&.csv")], shop=ShopFactory(), by=UserFactory())
    for path in ("/desk/imports/", f"/desk/imports/{sent.token}/"):
        assert "<b>" not in desk.get(path).text


def test_where_there_is_one_shop_it_need_not_be_chosen(desk: Client, shop: Shop) -> None:
    page = desk.get(SEND)
    assert page.context["form"]["shop"].is_hidden
    ShopFactory(slug="other")
    assert not desk.get(SEND).context["form"]["shop"].is_hidden


def test_a_file_that_is_sent_is_moved_and_not_read_into_memory(shop: Shop) -> None:
    upload = TemporaryUploadedFile("orders.csv", "text/csv", len(uploads.retail_csv()), None)
    upload.write(uploads.retail_csv())
    upload.seek(0)
    place = Path(upload.temporary_file_path())
    sent = jobs.upload([upload], shop=shop, by=UserFactory())
    assert not place.exists()
    with default_storage.open(sent.files.get().file.name) as stored:
        assert stored.read() == uploads.retail_csv()
