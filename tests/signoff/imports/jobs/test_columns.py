"""A table that only its shop knows: its columns are explained once."""

from typing import Any

import pytest
from django.test import Client

from signoff.models import Order, OrderImport, SavedMapping
from tests.factories import ShopFactory, UserFactory, uploads
from tests.factories.uploads import OWN_COLUMNS, generic_csv, generic_row

pytestmark = pytest.mark.django_db
SAID = {"currency": "EUR", "zone": "Europe/Berlin", "mark": "", "days": "", "tax": "yes"}
COLUMNS = {"column-0": "number", "column-1": "article", "column-2": "quantity", "column-3": "price"}
ALL = SAID | COLUMNS | {"column-4": "placed", "column-5": "ship_name"}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="manager"))
    return client


def path(sent: OrderImport) -> str:
    return f"/desk/imports/{sent.token}/columns/"


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_columns_are_guessed_by_their_titles_and_shown_with_samples(desk: Client) -> None:
    response = desk.get(path(uploads.upload_files(generic_csv(generic_row(), generic_row("L-2", quantity=3)))))
    form = response.context["form"]
    assert {name: form[name].initial for name in form.columns} == {
        "column-0": None, "column-1": "article", "column-2": "quantity", "column-3": "price", "column-4": None,
        "column-5": None,
    }  # fmt: skip
    assert [column["samples"] for column in form.drawn()][2] == ["2", "3"]


def test_the_mapping_shows_the_orders_and_can_be_changed(desk: Client) -> None:
    sent = uploads.upload_files(generic_csv())
    assert desk.post(path(sent), ALL).url == f"/desk/imports/{sent.token}/"
    (row,) = desk.get(f"/desk/imports/{sent.token}/").context["orders"]
    assert (row["customer"], str(row["total"]), row["order"].placed_at.hour) == ("Anna Schmidt", "20.00", 9)
    desk.post(path(sent), ALL | {"currency": "KWD", "zone": "UTC"})
    (row,) = desk.get(f"/desk/imports/{sent.token}/").context["orders"]
    assert (row["order"].currency, row["order"].placed_at.hour) == ("KWD", 10)


def test_what_is_missing_is_named(desk: Client) -> None:
    response = desk.post(path(uploads.upload_files(generic_csv())), SAID | COLUMNS | {"currency": ""})
    assert errors(response) == {
        "__all__": ["Choose the columns that hold: Order time."],
        "currency": ["Choose the column that holds the currency, or the currency of all amounts."],
    }


def test_a_field_that_is_given_twice_is_refused_at_the_second_column(desk: Client) -> None:
    response = desk.post(path(uploads.upload_files(generic_csv())), ALL | {"column-5": "price"})
    sentence = "“Unit price” is already assigned to “Price”. Change one of them."
    assert errors(response) == {"column-5": [sentence]}


@pytest.mark.parametrize("code", ["XYZQ", "€€", "💶"])
def test_a_currency_that_nobody_knows_is_refused(desk: Client, code: str) -> None:
    response = desk.post(path(uploads.upload_files(generic_csv())), ALL | {"currency": code})
    assert "is not a currency we recognise" in errors(response)["currency"][0]
    assert f'value="{code}"' in response.text


def test_what_no_form_of_ours_offers_is_refused(desk: Client) -> None:
    response = desk.post(
        path(uploads.upload_files(generic_csv())), ALL | {"zone": "Europe/Nowhere", "column-1": "password"}
    )
    assert set(errors(response)) == {"zone", "column-1", "__all__"}


def test_a_mapping_is_kept_when_it_is_used_and_found_by_the_titles(desk: Client) -> None:
    shop = ShopFactory()
    sent = uploads.upload_files(generic_csv(), shop=shop)
    desk.post(path(sent), ALL)
    assert SavedMapping.objects.count() == 0
    desk.post(f"/desk/imports/{sent.token}/confirm/")
    mapping = SavedMapping.objects.get()
    assert (mapping.titles, mapping.recipe["columns"]) == (
        uploads.OWN_HEADER.split(","), OWN_COLUMNS | {"ship_name": "Buyer"},
    )  # fmt: skip
    assert mapping.history.get().history_user is not None
    again = uploads.upload_files(generic_csv(generic_row("L-2")), shop=shop)
    assert again.recipe == mapping.recipe
    assert uploads.upload_files(generic_csv(), shop=ShopFactory(slug="other")).recipe == {}


def test_a_mapping_that_is_used_anew_replaces_the_old_one(desk: Client) -> None:
    shop = ShopFactory()
    for zone in ("Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo"):
        sent = uploads.upload_files(generic_csv(), shop=shop)
        desk.post(path(sent), ALL | {"zone": zone})
        desk.post(f"/desk/imports/{sent.token}/confirm/")
    mapping = SavedMapping.objects.get()
    assert (mapping.recipe["zone"], mapping.history.count()) == ("Asia/Tokyo", 2)


def test_a_table_of_very_many_columns_is_read_though_its_mapping_cannot_be_kept(desk: Client) -> None:
    more = ",".join(f"a column with a long title that nobody needs {n}" for n in range(150))
    sent = uploads.upload_files(f"{uploads.OWN_HEADER},{more}\n{generic_row()}{',' * 150}\n".encode())
    desk.post(path(sent), ALL)
    desk.post(f"/desk/imports/{sent.token}/confirm/")
    uploads.run_waiting()
    assert (SavedMapping.objects.count(), Order.objects.count()) == (0, 1)


def test_columns_without_title_or_with_a_zero_byte_are_not_offered(desk: Client) -> None:
    sent = uploads.upload_files(generic_csv().replace(b"Buyer", b"Bu\x00yer,"))
    assert list(desk.get(path(sent)).context["form"].columns.values()) == ["No", "Sku", "Qty", "Price", "Day"]
    desk.post(path(sent), SAID | COLUMNS | {"column-4": "placed"})
    assert desk.post(f"/desk/imports/{sent.token}/confirm/").status_code == 302


def test_only_tables_are_explained_and_only_before_they_run(desk: Client) -> None:
    assert desk.get(path(uploads.upload_files())).status_code == 404
    assert desk.get(path(uploads.confirm_import(generic_csv()))).status_code == 404
