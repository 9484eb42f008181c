"""Pages about deliveries name the case, and the page of a case tells of its delivery."""

from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from returns.case_page.origin import case_of, cases_by_exception, find_origin
from returns.intake.automatic.from_carrier import open_from_exceptions
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.models import Case
from signoff.lookup.session import KEY
from signoff.models import SignOff
from tests.factories import PLACED, OrderFactory, ParcelExceptionFactory, UserFactory, make_case
from tests.factories.signed_parcels import make_order, make_parcel, make_sign_off
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db


def opened(*lines: tuple[int, str], **options: Any) -> Case:
    """A case that a sign-off has opened: of every line one unit is damaged."""
    order = make_order(*lines)
    make_sign_off({line: {"damaged": 1} for line in order.lines.all()}, **options)
    open_from_sign_offs()
    return Case.objects.get(order=order)


def lost(**options: Any) -> Case:
    exception = ParcelExceptionFactory(parcel=make_parcel(make_order()), kind="lost", told_at=PLACED, **options)
    open_from_exceptions()
    return Case.objects.get(origin__exception=exception)


def drawn(template: str, request: Any = None, **context: Any) -> str:
    loaded = Template("{% load returns_panels %}" + template)
    return " ".join(loaded.render(Context({"request": request, **context})).split())


def for_shopper(sign_off: SignOff, client: Client | None = None) -> str:
    request = RequestFactory().get("/")
    request.session = client.session if client else {KEY: {}}
    return drawn("{% case_of_sign_off sign_off %}", request, sign_off=sign_off)


def desk(client: Client, case: Case) -> str:
    client.force_login(UserFactory(role="agent"))
    return " ".join(client.get(case.get_absolute_url()).content.decode().split())


def test_whoever_came_by_the_link_reads_the_number_and_no_way_in() -> None:
    case = opened()
    assert (
        for_shopper(case.origin.sign_off)
        == f'<p class="fw-semibold"> Your request is {case.number}. We\'re working on it. </p>'
    )


def test_whoever_has_entered_finds_the_way_to_the_case(client: Client) -> None:
    case = opened()
    page = for_shopper(case.origin.sign_off, enter(client, case.order))
    assert f'<a href="/cases/{case.number}/">{case.number}</a>' in page


def test_before_the_case_is_opened_its_number_is_promised_and_where_all_is_well_nothing_is() -> None:
    line = make_order().lines.get()
    assert "once it has been created" in for_shopper(make_sign_off({line: {"damaged": 1}}))
    assert for_shopper(make_sign_off({make_order().lines.get(): {}})) == ""


def test_a_corrected_sign_off_leads_to_the_case_of_the_first() -> None:
    case = opened()
    first = case.origin.sign_off
    second = make_sign_off({case.order.lines.get(): {"damaged": 2}}, parcel=first.parcel, corrects=first)
    assert case_of(second) == case
    open_from_sign_offs()
    assert case_of(second) == case


def test_goods_that_a_case_had_already_lead_to_that_case() -> None:
    order = make_order()
    case = make_case(order=order, quantity=3)
    sign_off = make_sign_off({order.lines.get(): {"damaged": 1}})
    open_from_sign_offs()
    assert case_of(sign_off) == case


def test_the_case_page_tells_what_was_counted_and_who_said_so(client: Client) -> None:
    agent = UserFactory(role="agent", first_name="Bo", last_name="Weiss")
    page = desk(client, opened(channel="phone", said_by="neighbour", recorded_by=agent))
    for words in ("At delivery", "by phone · Bo Weiss", "a neighbour", "1 × damaged in transit", "3 of 3 counted"):
        assert words in page
    assert "corrected after" not in page


def test_the_case_page_tells_of_a_correction(client: Client) -> None:
    case = opened()
    line, first = case.order.lines.get(), case.origin.sign_off
    make_sign_off({line: {"missing": 2}}, parcel=first.parcel, corrects=first, said={line: "Two of them are gone."})
    page = desk(client, case)
    for words in ("This was corrected after the case was opened", "2 × missing", "Two of them are gone."):
        assert words in page


def test_the_case_page_tells_what_the_carrier_reports(client: Client) -> None:
    page = desk(client, lost())
    assert "Carrier's report" in page
    assert "Case opened automatically from a parcel exception" in page


def test_a_case_that_somebody_asked_for_has_no_such_panel() -> None:
    case = make_case()
    with CaptureQueriesContext(connection) as queries:
        assert find_origin(case) is None
    assert len(queries) == 0


@pytest.mark.parametrize("lines", [[(3, "20.00")], [(3, "20.00"), (2, "5.00"), (1, "7.00")]])
def test_the_panel_is_one_question_however_much_was_wrong(lines: list[tuple[int, str]]) -> None:
    case = opened(*lines)
    with CaptureQueriesContext(connection) as queries:
        drawn("{% delivery_panel case %}", case=case)
    assert len(queries) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_cases_of_a_list_of_exceptions_are_two_questions(rows: int) -> None:
    cases = [lost() for _ in range(rows)]
    exceptions = [case.origin.exception for case in cases]
    with CaptureQueriesContext(connection) as queries:
        found = cases_by_exception(exceptions)
    assert len(queries) == 2
    assert found == {case.origin.exception.pk: case for case in cases}


def test_trouble_with_a_return_parcel_leads_to_the_case_that_waits_for_it() -> None:
    case = make_case()
    parcel = make_parcel(case.order, direction="return")
    case.parcels.add(parcel)
    exception = ParcelExceptionFactory(parcel=parcel, kind="lost")
    assert cases_by_exception([exception]) == {exception.pk: case}


def test_only_who_may_see_cases_gets_a_link() -> None:
    case = lost()
    template = (
        "{% cases_of_exceptions rows as cases %}{% for row in rows %}{% case_of_exception row cases %}{% endfor %}"
    )
    rows = [case.origin.exception, ParcelExceptionFactory(parcel__order=OrderFactory())]
    assert drawn(template, rows=rows, user=UserFactory(role="agent")) == (
        f'<a href="/desk/cases/{case.number}/">{case.number}</a>'
    )
    assert drawn(template, rows=rows, user=UserFactory()) == case.number
