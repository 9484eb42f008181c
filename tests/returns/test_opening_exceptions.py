"""An exception of a parcel becomes a case by the shop's terms, after the shopper was told, once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from returns.intake.automatic.from_carrier import open_from_exceptions
from returns.lifecycle.actions import move
from returns.lifecycle.unit_reservation import complete_units
from returns.logbook.locks import lock_with_lines
from returns.logbook.timeline import timeline_of
from returns.models import Case, CaseOrigin, Line
from signoff.models import Parcel, ParcelException
from tests.factories import (
    PLACED,
    DeliveryTermsFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ParcelLineFactory,
    make_case,
)
from tests.factories.signed_parcels import make_order, make_parcel

pytestmark = pytest.mark.django_db


def trouble(kind: str, parcel: Parcel | None = None, **options: Any) -> ParcelException:
    """One that the shopper was told of."""
    return ParcelExceptionFactory(
        parcel=parcel or make_parcel(make_order()), kind=kind, **{"told_at": PLACED} | options
    )


def asked() -> list[tuple[int, str]]:
    return list(Line.objects.order_by("pk").values_list("requested", "reason__code"))


def settled(exception: ParcelException) -> str:
    exception.refresh_from_db()
    return exception.settled_as


@pytest.mark.parametrize(
    ("kind", "code"), [("lost", "missing"), ("damaged", "damaged_in_transit"), ("returned", "missing")]
)
def test_a_case_opens_about_all_that_is_in_the_parcel_and_settles_the_trouble(kind: str, code: str) -> None:
    exception = trouble(kind)
    assert open_from_exceptions() == 1
    case = Case.objects.get()
    assert (case.status, case.channel, case.order) == ("submitted", "carrier", exception.parcel.order)
    assert asked() == [(3, code)]
    assert (settled(exception), exception.settled_by) == ("case", None)
    assert CaseOrigin.objects.get().exception == exception


def test_the_system_opens_it_and_says_why() -> None:
    exception = trouble("lost")
    open_from_exceptions()
    case = Case.objects.get()
    entry = case.log.get()
    facts = {"parcel": exception.parcel.token, "kind": "lost", "lines": 1, "channel": "carrier"}
    assert (entry.by, entry.by_shopper, entry.facts) == (None, False, facts)
    assert timeline_of(case, audience="desk")[0].title == "Case opened automatically from a parcel exception"
    assert timeline_of(case, audience="shopper")[0].who == case.shop.name


def test_the_shopper_is_told_first() -> None:
    exception = trouble("lost", told_at=None)
    assert open_from_exceptions() == 0
    ParcelException.objects.update(told_at=PLACED)
    assert open_from_exceptions() == 1
    assert settled(exception) == "case"


def test_what_is_settled_opens_nothing() -> None:
    trouble("lost", settled_at=PLACED, settled_as="arrived")
    assert open_from_exceptions() == 0


def test_a_shop_says_for_which_trouble_cases_open() -> None:
    parcel = make_parcel(make_order())
    exceptions = {kind: trouble(kind, parcel) for kind in ("late", "silent", "lost")}
    DeliveryTermsFactory(shop=parcel.order.shop, case_for=["silent"])
    assert open_from_exceptions() == 1
    assert {kind: settled(exception) for kind, exception in exceptions.items()} == {
        "late": "case",  # the goods have a case now, so lateness is no trouble of its own
        "silent": "case",
        "lost": "",
    }


def test_another_shops_terms_are_its_own() -> None:
    DeliveryTermsFactory(shop__slug="other", case_for=[])
    trouble("lost")
    trouble("late")
    assert open_from_exceptions() == 1


def test_a_parcel_whose_lines_nobody_knows_stands_for_what_no_other_has() -> None:
    order = make_order((3, "20.00"), (1, "35.00"))
    first, _second = order.lines.all()
    ParcelLineFactory(parcel=ParcelFactory(order=order), order_line=first, quantity=2)
    trouble("lost", ParcelFactory(order=order))
    open_from_exceptions()
    assert asked() == [(1, "missing"), (1, "missing")]


def test_two_troubles_of_one_parcel_are_one_case_that_is_told_of_the_second() -> None:
    parcel = make_parcel(make_order())
    damaged, returned = trouble("damaged", parcel), trouble("returned", parcel)
    open_from_exceptions()
    case = Case.objects.get()
    assert [entry.verb for entry in case.log.all()] == ["open", "parcel_troubled"]
    assert (settled(damaged), settled(returned)) == ("case", "case")


def test_a_parcel_with_a_case_is_late_and_silent_no_more() -> None:
    parcel = make_parcel(make_order())
    late, silent, lost = (trouble(kind, parcel, told_at=told_at) for kind, told_at in
                          (("late", None), ("silent", PLACED), ("lost", PLACED)))  # fmt: skip
    other = trouble("late")
    open_from_exceptions()
    assert [settled(one) for one in (late, silent, lost, other)] == ["case", "case", "case", ""]


def test_a_lost_replacement_opens_the_case_again_that_sent_it() -> None:
    order = make_order()
    case = make_case(order=order, quantity=3)
    for step in (Case.propose, Case.settle, Case.resolve):
        move(case, step, by=None)
    complete_units(lock_with_lines(case))
    parcel = make_parcel(order, direction="replacement")
    case.parcels.add(parcel)
    exception = trouble("lost", parcel)
    open_from_exceptions()
    assert Case.objects.get().status == "submitted"
    assert settled(exception) == "case"


def test_trouble_with_a_return_parcel_stays_a_to_do() -> None:
    exception = trouble("lost", make_parcel(make_order(), direction="return"))
    assert open_from_exceptions() == 0
    assert settled(exception) == ""


def test_where_nothing_is_left_and_no_case_is_open_a_person_looks() -> None:
    order = make_order()
    case = make_case(order=order, quantity=3)
    for step in (Case.propose, Case.settle, Case.resolve, Case.close):
        move(case, step, by=None)
        if step is Case.resolve:
            complete_units(lock_with_lines(case))
    exception = trouble("lost", make_parcel(order))
    assert (open_from_exceptions(), open_from_exceptions()) == (0, 0)
    assert settled(exception) == ""
    assert CaseOrigin.objects.get().case is None


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_open_each_case_once() -> None:
    for _ in range(6):
        trouble("lost")

    def sweep() -> int:
        try:
            return open_from_exceptions()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        done = [future.result() for future in [pool.submit(sweep) for _ in range(6)]]
    assert sum(done) == Case.objects.count() == 6
