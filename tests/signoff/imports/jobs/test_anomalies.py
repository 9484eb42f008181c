"""Orders that came in odd are a queue; whoever has looked says what came of it."""

from typing import Any

import pytest
from django.test import Client

from signoff.models import OrderAnomaly
from signoff.orders import anomalies
from signoff.orders.anomalies import anomaly_text
from tests.factories import OrderAnomalyFactory, OrderFactory, UserFactory

pytestmark = pytest.mark.django_db
ODD = "/desk/orders/odd/"
Kind = OrderAnomaly.Kind
FACTS: dict[str, Any] = {
    Kind.ADDRESS: {"missing": ["street", "postcode"]},
    Kind.UNPAID: {"paid": "5.00", "total": "20.00"},
    Kind.TOTALS: {"stated": "21.00", "total": "20.00"},
    Kind.ARTICLE: {"lines": [1, 3]},
}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def odd(kind: str = Kind.UNPAID, **options: Any) -> OrderAnomaly:
    return OrderAnomalyFactory(kind=kind, facts=options.pop("facts", FACTS.get(kind)), **options)


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (Kind.ADDRESS, None, "The address is missing: street and postcode. Ask the customer before you send it."),
        (Kind.UNPAID, None, "Only €5.00 of €20.00 has been paid. Wait for the rest before you send it."),
        (Kind.TOTALS, None, "The file says €21.00, but the lines add up to €20.00. Check with the shop's system."),
        (
            Kind.TOTALS,
            {"paid": "25.00", "total": "20.00"},
            "€25.00 has been paid, but the order comes to €20.00. Check with the shop's system.",
        ),
        (Kind.ARTICLE, None, "Lines 1 and 3 have no SKU. Add them in the shop and import the order again."),
        (
            Kind.ARTICLE,
            {"lines": [], "all": True},
            "No line of this order has a SKU. Add them in the shop and import the order again.",
        ),
        (
            Kind.CONTACT,
            {"email": "missing", "phone": False},
            "There is no e-mail address, so nobody can be written to. Add it in the shop and import the order again.",
        ),
        (
            Kind.CONTACT,
            {"email": "unusable", "phone": True},
            "The e-mail address can't be used, so nobody can be written to. Call the customer, or correct it in the "
            "shop and import the order again.",
        ),
        (
            Kind.EMAIL,
            {"email": "more"},
            "The file has more than an address where the e-mail belongs. The first address was taken; check that it "
            "is the customer's.",
        ),
    ],
)
def test_what_is_odd_is_said_in_words(kind: str, facts: Any, words: str) -> None:
    assert anomaly_text(odd(kind, facts=facts or FACTS.get(kind), order=OrderFactory(currency="EUR"))) == words


@pytest.mark.parametrize("kind", [Kind.UNPAID, Kind.TOTALS])
def test_who_need_not_know_amounts_is_told_none(kind: str) -> None:
    assert "€" not in anomaly_text(odd(kind), with_amounts=False)


def test_each_kind_has_a_tab_with_its_count(desk: Client) -> None:
    odd(Kind.UNPAID), odd(Kind.ADDRESS)
    settled = odd(Kind.UNPAID)
    anomalies.settle_anomaly(settled, by=UserFactory(), words="The rest came by bank.")
    tabs = desk.get(ODD).context["tabs"]
    assert [tab.count for tab in tabs] == ["2", "1", "1", *["0"] * 6, ""]
    assert [row.kind for row in desk.get(f"{ODD}?tab=address").context["page"].rows] == ["address"]
    shown = desk.get(f"{ODD}?tab=settled").text
    assert "The rest came by bank." in shown
    assert "Mei Sato" in shown


def test_an_odd_order_leads_to_the_order(desk: Client) -> None:
    order = odd().order
    assert f'href="/desk/orders/{order.token}/"' in desk.get(ODD).text


def test_it_is_settled_with_a_note(desk: Client) -> None:
    row = odd()
    response = desk.post(f"/desk/orders/{row.order.token}/odd/unpaid/", {"reason": "Paid in the shop."})
    row.refresh_from_db()
    assert (response.url, row.words, row.settled_by.username) == (ODD, "Paid in the shop.", row.settled_by.username)
    assert desk.get(ODD).context["page"].rows == []


def test_who_comes_second_is_told_and_keeps_the_words(desk: Client) -> None:
    row = odd()
    anomalies.settle_anomaly(row, by=UserFactory(), words="First.")
    response = desk.post(f"/desk/orders/{row.order.token}/odd/unpaid/", {"reason": "Second."})
    assert response.status_code == 409
    assert "A colleague has already handled this" in response.text
    assert "Second." in response.text
    row.refresh_from_db()
    assert row.words == "First."


def test_a_note_that_is_too_long_is_refused_with_what_was_typed(desk: Client) -> None:
    row = odd()
    response = desk.post(f"/desk/orders/{row.order.token}/odd/unpaid/", {"reason": "long " * 500})
    assert response.status_code == 409
    assert "Use at most 2000 characters." in response.text
    assert "long long" in response.text


def test_what_is_not_there_is_not_found(desk: Client) -> None:
    assert desk.post(f"/desk/orders/{odd().order.token}/odd/address/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_asks_as_often_for_three_as_for_one(desk: Client, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        odd(order=OrderFactory())
    with django_assert_num_queries(7):
        assert len(desk.get(ODD).context["page"].rows) == rows


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "No order anomalies" in desk.get(ODD).text
