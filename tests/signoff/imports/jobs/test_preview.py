"""Before anything is stored: the first orders as they will be, and what is wrong by line and column."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from signoff.imports.files.uploaded import HEAD_ROWS
from signoff.models import Order
from tests.datafiles import data_file
from tests.factories import UserFactory, uploads
from tests.factories.uploads import generic_csv, generic_row, retail_csv, retail_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="manager"))
    return client


def preview(desk: Client, *contents: bytes) -> Any:
    sent = uploads.upload_files(*contents)
    return desk.get(f"/desk/imports/{sent.token}/")


def test_orders_are_shown_as_they_will_be_stored(desk: Client) -> None:
    response = preview(desk, retail_csv(retail_row(), retail_row(code="POST", quantity=1, price="15.00")))
    (row,) = response.context["orders"]
    assert (row["order"].number, row["units"], str(row["goods"]), str(row["total"])) == ("536365", 7, "30.30", "30.30")
    assert "£30.30" in response.text
    assert "Online Retail" in response.text
    assert "UTF-8" in response.text
    assert Order.objects.count() == 0


def test_times_are_those_of_the_file(desk: Client) -> None:
    """08:26 in London, though the shop's clocks are at UTC or elsewhere."""
    assert "08:26" in preview(desk, retail_csv(retail_row())).text
    taobao = data_file("formats/taobao/ExportOrderList_sample_CONSTRUCTED_gbk.csv").read_bytes()
    assert "10:00" in preview(desk, taobao).text


def test_problems_are_told_by_line_and_column(desk: Client) -> None:
    response = preview(desk, retail_csv(retail_row(1), retail_row(2, quantity="two"), retail_row(3, price="=1+1")))
    problems = [(one.row.line, one.column, one.sentence) for one in response.context["preview"].problems]
    assert problems == [
        (3, "Quantity", "“two” is not a whole number of units."),
        (4, "UnitPrice", "“=1+1” is not a price with at most three decimals."),
    ]
    assert "Import these orders" in response.text


def test_where_nothing_can_be_imported_there_is_no_button(desk: Client) -> None:
    response = preview(desk, retail_csv(retail_row(1, quantity="two")))
    assert "No order can be imported" in response.text
    assert "Import these orders" not in response.text


def test_only_the_beginning_of_a_long_file_is_looked_at(desk: Client) -> None:
    response = preview(desk, retail_csv(*map(retail_row, range(1, HEAD_ROWS + 3))))
    assert response.context["preview"].order_count == HEAD_ROWS - 1  # of the last the next rows were not looked at
    assert "only its beginning was previewed" in response.text


def test_twenty_orders_are_shown_and_all_are_counted(desk: Client) -> None:
    response = preview(desk, retail_csv(*map(retail_row, range(1, 31))))
    assert (len(response.context["orders"]), response.context["preview"].order_count) == (20, 30)
    assert "20 of 30 orders" in response.text


def test_names_with_emoji_and_marks_that_turn_are_shown_in_their_own_direction(desk: Client) -> None:
    sent = uploads.upload_files(generic_csv(generic_row("⭐‮1-L")))
    uploads.jobs.choose_mapping(sent, mapping=uploads.RECIPE)
    page = desk.get(f"/desk/imports/{sent.token}/").text
    assert "<bdi>⭐1-L</bdi>" in page


def test_a_file_that_is_lost_gets_a_sentence(desk: Client) -> None:
    sent = uploads.upload_files()
    default_storage.delete(sent.files.get().file.name)
    assert "The files have been deleted. Upload them again." in desk.get(f"/desk/imports/{sent.token}/").text


def test_who_may_only_look_sees_no_buttons(client: Client) -> None:
    user = UserFactory()
    user.user_permissions.add(uploads.permission("view_orderimport"))
    client.force_login(user)
    page = client.get(f"/desk/imports/{uploads.upload_files().token}/").text
    assert "Import these orders" not in page
    assert "Discard import" not in page
