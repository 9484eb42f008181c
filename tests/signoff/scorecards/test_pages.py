"""Scorecards and violations at the desk: every number links to what it counts, and files hold no formulas."""

import csv
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from signoff.models import Violation
from tests.factories import (
    DiscrepancyFactory,
    OrderFactory,
    ParcelFactory,
    RatingFactory,
    ShopFactory,
    SignOffFactory,
    SignOffLineFactory,
    UserFactory,
    ViolationFactory,
)

pytestmark = pytest.mark.django_db
CARDS, VIOLATIONS = "/desk/scorecards/", "/desk/violations/"


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(UserFactory(role="manager"))
    return client


def send(carrier: str = "DHL", *, days_ago: int = 5, late: bool = False, damaged: bool = False, **options: Any) -> Any:
    """A parcel that came the day after, as promised or a day too late, and was signed for."""
    sent = timezone.now() - timedelta(days=days_ago)
    came = sent + timedelta(days=1)
    promised = sent.date() if late else came.date() + timedelta(days=1)
    made = ParcelFactory(
        carrier=carrier, shipped_at=sent, delivered_at=came, promised_on=promised, order=OrderFactory(), **options
    )
    said = SignOffFactory(order=made.order, parcel=made)
    if damaged:
        DiscrepancyFactory(line=SignOffLineFactory(sign_off=said), kind="damaged")
    return made


def links(page: Any) -> set[str]:
    return {unescape(address) for address in re.findall(r'href="(/desk/scorecards/[^"]*)"', page.text)}


def test_few_parcels_are_said_as_so_many_of_so_many(manager: Client) -> None:
    for place in range(4):
        send(late=place == 0)
    page = manager.get(CARDS)
    assert "3 of 4" in page.text
    assert "30–95%" in page.text


def test_of_many_parcels_the_share_is_said(manager: Client) -> None:
    for place in range(21):
        send(late=place == 0)
    assert ">95.2%</a>" in manager.get(CARDS).text


def test_every_number_leads_to_as_many_parcels_as_it_says(manager: Client) -> None:
    for place in range(4):
        send(late=place < 2, damaged=place == 3)
    RatingFactory(parcel=send("UPS"), about="carrier", order=OrderFactory())
    figures = [figure for row in manager.get(CARDS).context["page"].rows for figure in row["figures"]]
    assert len(figures) == 12
    for figure in figures:
        assert len(manager.get(figure.counted_url.partition("#")[0]).context["page"].rows) == figure.total
    late = next(figure for figure in figures if "failing=late" in figure.failed_url and "DHL" in figure.failed_url)
    rows = manager.get(late.failed_url.partition("#")[0]).context["page"].rows
    assert [parcel.failings for parcel in rows] == [["Late"], ["Late"]]


@pytest.mark.parametrize("name", ["S/F Express", "a?b#c%", "顺丰", "<script>alert(1)</script>", "=cmd()", "DHL \u202e"])
def test_any_name_has_its_page(manager: Client, name: str) -> None:
    send(name)
    (row,) = manager.get(CARDS).context["page"].rows
    page = manager.get(row["url"])
    assert page.context["card"].tally.parcels == 1
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    "query", ["?days=365&shop=lantern", "?days=7&shop=nowhere&plot=no&subject=no", "?subject=supplier", "?page=x"]
)
def test_what_cannot_be_chosen_counts_as_not_said(manager: Client, query: str) -> None:
    send()
    assert manager.get(CARDS + query).status_code == 200


def test_longer_ago_is_found_in_more_days_only(manager: Client) -> None:
    send(days_ago=200)
    assert manager.get(CARDS).context["page"].rows == []
    assert len(manager.get(CARDS, {"days": "365"}).context["page"].rows) == 1


def test_a_house_without_shops_says_so(manager: Client) -> None:
    assert "No parcels sent" in manager.get(CARDS).text
    assert "No parcels sent" in manager.get(f"{CARDS}carrier/DHL/").text
    assert manager.get(f"{CARDS}nobody/DHL/").status_code == 404


def test_the_file_has_every_name_and_no_formula(manager: Client) -> None:
    send("=HYPERLINK(1)")
    send("DHL", late=True)
    answer = manager.get(f"{CARDS}scorecards.csv")
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert [row[:3] for row in rows] == [
        ["Name", "Parcels", "On time"],
        ["'=HYPERLINK(1)", "1", "1.0000"],
        ["DHL", "1", "0.0000"],
    ]
    assert {len(row) for row in rows} == {26}
    assert answer["Content-Disposition"] == 'attachment; filename="scorecards-carrier-lantern-30.csv"'


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        (CARDS, 7),
        (f"{CARDS}carrier/DHL/?which=counted", 10),
        (VIOLATIONS, 7),
        (f"{CARDS}scorecards.csv", 5),
    ],
)
def test_pages_ask_as_often_for_three_as_for_one(
    manager: Client, rows: int, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    for place in range(rows):
        send("DHL", late=True)
        send(f"UPS {place}")
        ViolationFactory(name=f"UPS {place}")
    with django_assert_num_queries(queries):
        assert manager.get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_violation_asks_as_often_for_three_parcels_as_for_one(
    manager: Client, rows: int, django_assert_num_queries: Any
) -> None:
    row = ViolationFactory(evidence=[send().token for _ in range(rows)])
    with django_assert_num_queries(6):
        page = manager.get(f"{VIOLATIONS}{row.token}/")
    assert len(page.context["page"].rows) == rows


def test_a_manager_confirms(manager: Client) -> None:
    row = ViolationFactory()
    page = manager.post(f"{VIOLATIONS}{row.token}/confirm/", follow=True)
    assert "Confirmed. The claim will be booked shortly." in page.text
    assert Violation.objects.get().status == "confirmed"


def test_waiving_without_a_reason_is_asked_again(manager: Client) -> None:
    row = ViolationFactory()
    page = manager.post(f"{VIOLATIONS}{row.token}/waive/", {"reason": " "})
    assert "Explain why you waive the claim" in page.text
    assert Violation.objects.get().status == "open"
    manager.post(f"{VIOLATIONS}{row.token}/waive/", {"reason": "Snow."})
    assert Violation.objects.get().reason == "Snow."


def test_who_comes_late_is_told_and_keeps_their_words(manager: Client) -> None:
    row = ViolationFactory()
    manager.post(f"{VIOLATIONS}{row.token}/confirm/")
    late = manager.post(f"{VIOLATIONS}{row.token}/waive/", {"reason": "There was snow."})
    assert late.status_code == 409
    assert "A colleague has already decided this: confirmed." in late.text
    assert "There was snow." in late.text


def test_finance_looks_and_decides_nothing(client: Client) -> None:
    client.force_login(UserFactory(role="finance"))
    row = ViolationFactory()
    page = client.get(f"{VIOLATIONS}{row.token}/")
    assert page.status_code == 200
    assert "Waive" not in page.text
    assert client.post(f"{VIOLATIONS}{row.token}/confirm/").status_code == 403


@pytest.mark.parametrize("status", ["open", "confirmed", "nonsense"])
def test_violations_are_listed_by_status(manager: Client, status: str) -> None:
    ViolationFactory()
    shown = manager.get(VIOLATIONS, {"status": status}).context["page"].rows
    assert len(shown) == (0 if status == "confirmed" else 1)


def test_the_sidebar_counts_what_is_to_be_decided(manager: Client) -> None:
    ViolationFactory(rule__shop=ShopFactory())
    page = manager.get(CARDS)
    assert re.search(r"Scorecards</span>\s*<span class=\"sidebar-count\">1</span>", page.text)
