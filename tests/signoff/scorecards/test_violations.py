"""Violations: raised once for each stretch of days, decided once, with a penalty to the cent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client

from signoff.models import Parcel, ScoreRule, Violation
from signoff.scorecards.text import penalty_sums
from signoff.scorecards.violations import AlreadyDecided, ReasonNeeded, confirm, raise_due, waive
from tests.factories import (
    DiscrepancyFactory,
    OrderFactory,
    ParcelFactory,
    ScoreRuleFactory,
    ShopFactory,
    SignOffFactory,
    SignOffLineFactory,
    UserFactory,
    ViolationFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
SENT = datetime(2026, 3, 20, 12, tzinfo=UTC)


def rule(**options: Any) -> ScoreRule:
    return ScoreRuleFactory(shop=ShopFactory(time_zone="UTC"), **{"at_least": 4} | options)


def parcels(good: int, damaged: int, carrier: str = "DHL", *, gross: str = "19.99") -> list[Parcel]:
    """Signed parcels, one unit in each; the damaged ones come back."""
    found = []
    for place in range(good + damaged):
        order = OrderFactory(shop=ShopFactory(), lines=[(1, gross)])
        sent = ParcelFactory(order=order, carrier=carrier, shipped_at=SENT + timedelta(minutes=place))
        said = SignOffFactory(order=order, parcel=sent)
        if place >= good:
            DiscrepancyFactory(line=SignOffLineFactory(sign_off=said, expected=1, counted=1), kind="damaged")
            found.append(sent)
    return found


def test_a_broken_rule_is_raised_with_its_evidence_and_penalty() -> None:
    broken = rule(penalty="7.50")
    failed = parcels(good=2, damaged=2)
    assert raise_due(NOW) == 1
    row = Violation.objects.get()
    assert (row.rule, row.name, row.parcels, row.failed, row.status) == (broken, "DHL", 4, 2, "open")
    assert (row.first_day, row.last_day) == (date(2026, 3, 2), date(2026, 3, 31))
    assert row.evidence == [parcel.token for parcel in failed]
    assert (row.penalty, row.currency, row.raised_at) == (Decimal("15.00"), "EUR", NOW)
    assert row.history.get().history_type == "+"


def test_percent_is_of_what_the_failed_parcels_goods_cost() -> None:
    rule(tariff="percent", penalty="12.5")
    parcels(good=1, damaged=3)
    raise_due(NOW)
    assert Violation.objects.get().penalty == Decimal("7.50")  # 12.5 % of 59.97 is 7.49625


@pytest.mark.parametrize(
    ("options", "sums"),
    [
        ({"tariff": "percent", "penalty": "10"}, ["3 × €2.00 + 1 × €5.00 = €11.00", "10% of €11.00 = €1.10"]),
        ({"penalty": "7.50"}, ["3 × €2.00 + 1 × €5.00 = €11.00", "4 × €7.50 = €30.00"]),
        ({"tariff": "flat", "penalty": "50"}, ["3 × €2.00 + 1 × €5.00 = €11.00"]),
    ],
)
def test_a_violation_shows_value_and_fault_of_each_parcel_and_the_sum_as_arithmetic(
    client: Client, options: dict[str, str], sums: list[str]
) -> None:
    rule(**options)
    cheap, dear = parcels(good=1, damaged=3, gross="2.00"), parcels(good=0, damaged=1, gross="5.00")
    raise_due(NOW)
    row = Violation.objects.get()
    assert row.values == {**{parcel.token: "2.00" for parcel in cheap}, dear[0].token: "5.00"}
    assert [one["words"] for one in penalty_sums(row)] == sums
    client.force_login(UserFactory(role="manager"))
    page = client.get(f"/desk/violations/{row.token}/")
    assert all(words in page.text for words in sums)
    assert [(parcel.failings, parcel.goods) for parcel in page.context["page"].rows] == [
        (["Damaged"], row.values[parcel.token]) for parcel in page.context["page"].rows
    ]


def test_many_different_values_are_only_added_up() -> None:
    row = ViolationFactory(values={str(n): f"{n}.00" for n in range(1, 9)}, currency="EUR")
    assert penalty_sums(row)[0]["words"] == "€36.00"


@pytest.mark.parametrize(
    "options",
    [{"at_least": 5}, {"above_percent": "50"}, {"active": False}, {"failing": "wrong"}, {"subject": "warehouse"}],
    ids=str,
)
def test_no_violation_where_the_rule_is_kept(options: dict[str, Any]) -> None:
    rule(**options)
    parcels(good=2, damaged=2)
    assert raise_due(NOW) == 0


def test_it_is_not_raised_again_while_it_is_open_however_the_name_is_spelt() -> None:
    rule()
    parcels(good=2, damaged=2)
    assert raise_due(NOW) == 1
    parcels(good=0, damaged=3, carrier="dhl ")
    assert raise_due(NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize(("days", "raised"), [(1, 0), (29, 0), (30, 1)])
def test_days_that_were_decided_are_not_judged_again(days: int, raised: int) -> None:
    later = timedelta(days=days)
    rule()
    parcels(good=2, damaged=2)
    raise_due(NOW)
    confirm(Violation.objects.get(), by=UserFactory(role="manager"))
    for sent in parcels(good=1, damaged=4):
        Parcel.objects.filter(order__shop=sent.order.shop).update(shipped_at=NOW - timedelta(hours=20) + later)
    assert raise_due(NOW + later) == raised


def test_confirming_and_waiving_say_who_when_and_why() -> None:
    manager = UserFactory(role="manager")
    row = confirm(ViolationFactory(), by=manager, now=NOW)
    assert (row.status, row.decided_by, row.decided_at, row.reason) == ("confirmed", manager, NOW, "")
    row = waive(ViolationFactory(name="UPS"), by=manager, reason=" Snow on all roads. ", now=NOW)
    assert (row.status, row.decided_by, row.decided_at, row.reason) == ("waived", manager, NOW, "Snow on all roads.")
    assert row.history.get(history_type="~").history_change_reason == "Snow on all roads."


def test_confirming_wakes_who_books_claims(nudges: list[str], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        confirm(ViolationFactory(), by=UserFactory(role="manager"))
    assert nudges == ["config.tasks.wake"]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_waiving_needs_a_reason(reason: str) -> None:
    with pytest.raises(ReasonNeeded, match="Explain why you waive the claim"):
        waive(ViolationFactory(), by=UserFactory(role="manager"), reason=reason)


@pytest.mark.parametrize("role", ["agent", "finance", "inspector"])
def test_only_who_may_decide_decides(role: str) -> None:
    row, user = ViolationFactory(), UserFactory(role=role)
    with pytest.raises(PermissionDenied):
        confirm(row, by=user)
    with pytest.raises(PermissionDenied):
        waive(row, by=user, reason="no")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told() -> None:
    row = ViolationFactory()
    people = [UserFactory(role="manager") for _ in range(6)]

    def decide(place: int) -> str:
        try:
            if place % 2:
                confirm(row, by=people[place])
            else:
                waive(row, by=people[place], reason="Snow.")
        except AlreadyDecided as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(decide, range(6)))
    assert answers.count("done") == 1
    row.refresh_from_db()
    assert set(answers) == {"done", f"A colleague has already decided this: {row.status}."}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_raise_at_once_one_raises() -> None:
    rule()
    parcels(good=2, damaged=2)

    def look(_place: int) -> int:
        try:
            return raise_due(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(look, range(4))) == [0, 0, 0, 1]
