"""The page of a case: what the shopper sees and does, and that nobody else does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_fsm import TransitionNotAllowed

from returns.lifecycle.actions import move
from returns.lifecycle.unit_reservation import complete_units
from returns.logbook.locks import lock_with_lines
from returns.models import Case, Draft, Evidence, Line, Statement
from returns.portal.actions import reopen
from returns.portal.next_step import next_step
from returns.review.actions import reject, request_information
from signoff.models import Order
from tests.factories import OrderFactory, UserFactory, make_case
from tests.pictures.corpus import upload
from tests.steps.order_lookup import enter, look_up, newest_code, newest_link

pytestmark = pytest.mark.django_db

GOOD, EMPTY = "orient_landscape_1.jpg", "empty.jpg"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def order() -> Order:
    return OrderFactory()


@pytest.fixture
def case(order: Order) -> Case:
    return make_case(order=order)


@pytest.fixture
def shopper(client: Client, order: Order) -> Client:
    return enter(client, order)


@pytest.fixture
def agent() -> Any:
    return UserFactory(role="agent")


def at(case: Case, *steps: str) -> Case:
    """The case after the system has taken these steps."""
    for step in steps:
        case = move(case, getattr(Case, step), by=None)
    return case


def address(case: Case, step: str = "") -> str:
    return f"/cases/{case.number}/{step}/" if step else f"/cases/{case.number}/"


def fetched(client: Client, url: str) -> bytes:
    """The whole file; reading it to its end closes it."""
    return b"".join(client.get(url))


def test_a_question_is_answered_with_words_and_photos(shopper: Client, case: Case, agent: Any) -> None:
    case = request_information(case, by=agent, question="Which side is torn?")
    page = shopper.get(address(case)).content.decode()
    assert "Which side is torn?" in page
    response = shopper.post(
        address(case, "supply_information"),
        {"seen": case.seq, "words": "The left one.", "photos": [upload(GOOD)]},
        follow=True,
    )
    case = Case.objects.get()
    assert case.status == Case.Status.SUBMITTED
    assert case.evidence.count() == 1
    entry = case.log.latest("seq")
    assert (entry.verb, entry.by_shopper, entry.facts) == ("supply_information", True, {"pictures": 1})
    assert list(case.statements.values_list("topic", "words")) == [
        ("question", "Which side is torn?"),
        ("answer", "The left one."),
    ]
    assert "received your reply." in response.content.decode()


def test_an_answer_that_is_refused_keeps_its_words_and_its_good_photos(shopper: Client, case: Case, agent: Any) -> None:
    case = request_information(case, by=agent, question="Which side is torn?")
    url = address(case, "supply_information")
    page = shopper.post(
        url, {"seen": case.seq, "words": "The left one.", "photos": [upload(GOOD), upload(EMPTY)]}
    ).content.decode()
    held = Draft.objects.get()
    assert "empty.jpg: this file is empty" in page
    assert "The left one." in page
    assert str(held.evidence.get().token) in page
    shopper.post(url, {"seen": case.seq, "words": "The left one.", "held": held.token})
    assert Evidence.objects.get().case == case
    assert not Draft.objects.exists()


def test_an_empty_answer_is_none(shopper: Client, case: Case, agent: Any) -> None:
    case = request_information(case, by=agent, question="Which side?")
    page = shopper.post(address(case, "supply_information"), {"seen": case.seq, "words": "  "}).content.decode()
    assert "Write a reply or add a photo." in page
    assert Case.objects.get().status == Case.Status.WAITING_ON_SHOPPER


def test_a_form_from_before_is_refused_and_shows_what_was_written(shopper: Client, case: Case, agent: Any) -> None:
    case = request_information(case, by=agent, question="Which side?")
    at(case, "supply_information")
    response = shopper.post(address(case, "supply_information"), {"seen": case.seq, "words": "The left one."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Its status is now" in page
    assert "The left one." in page
    assert not Statement.objects.filter(topic="answer").exists()


def test_a_form_of_an_older_version_can_be_sent_again_after_a_look(shopper: Client, case: Case, agent: Any) -> None:
    case = request_information(case, by=agent, question="Which side?")
    response = shopper.post(address(case, "supply_information"), {"seen": case.seq - 1, "words": "Left."})
    page = response.content.decode()
    assert "Its status is now" in page
    assert f'name="seen" value="{case.seq}"' in page
    assert "Left." in page


def test_the_goods_are_sent_with_carrier_and_number(shopper: Client, case: Case) -> None:
    Line.objects.update(authorised=1)
    case = at(case, "propose", "authorise")
    assert "Hafenstr. 7" in shopper.get(address(case)).content.decode()
    page = shopper.post(address(case, "ship"), {"seen": case.seq, "carrier": "DHL"}).content.decode()
    assert "Enter the tracking number" in page
    assert 'value="DHL"' in page
    shopper.post(address(case, "ship"), {"seen": case.seq, "carrier": "DHL", "tracking_number": "0034"})
    case = Case.objects.get()
    parcel = case.parcels.get()
    assert (case.status, parcel.direction, parcel.tracking_number) == ("in_transit", "return", "0034")
    assert list(parcel.lines.values_list("order_line", "quantity")) == [(case.lines.get().order_line_id, 1)]
    assert case.lines.get().shipped == 1
    assert case.log.latest("seq").facts == {"parcel": parcel.token}


def test_a_rejection_can_be_appealed_against_with_words(shopper: Client, case: Case, agent: Any) -> None:
    case = reject(case, by=agent, words="It was used.")
    assert "It was used." in shopper.get(address(case)).content.decode()
    page = shopper.post(address(case, "appeal"), {"seen": case.seq, "words": ""}).content.decode()
    assert "Tell us what we overlooked" in page
    shopper.post(address(case, "appeal"), {"seen": case.seq, "words": "It was not."})
    assert Case.objects.get().status == Case.Status.SUBMITTED
    assert Statement.objects.filter(topic="appeal", words="It was not.").exists()


def test_a_resolved_case_is_reopened_with_words_within_its_window(shopper: Client, case: Case) -> None:
    case = move(move(move(case, Case.propose, by=None), Case.settle, by=None), Case.resolve, by=None)
    complete_units(lock_with_lines(case))
    assert "Something is still wrong" in shopper.get(address(case)).text
    assert "Tell us what is still wrong" in shopper.post(address(case, "reopen"), {"seen": case.seq, "words": " "}).text
    shopper.post(address(case, "reopen"), {"seen": case.seq, "words": "It rattles."})
    case, line = Case.objects.get(), case.lines.get()
    assert (case.status, line.order_line.returning, line.order_line.returned) == ("submitted", line.requested, 0)
    assert [(row.topic, row.words, row.by) for row in case.statements.all()] == [("reopening", "It rattles.", None)]
    assert "It rattles." in shopper.get(address(case)).text


def test_after_its_window_a_resolved_case_is_not_reopened(shopper: Client, case: Case) -> None:
    case = move(move(move(case, Case.propose, by=None), Case.settle, by=None), Case.resolve, by=None)
    complete_units(lock_with_lines(case))
    late = case.due_at + timedelta(seconds=1)
    with pytest.raises(TransitionNotAllowed, match="The time to reopen this request is over"):
        reopen(case, by=case.customer, words="It rattles.", now=late)
    with time_machine.travel(late, tick=False):
        assert "Something is still wrong" not in shopper.get(address(case)).text
    assert reopen(case, by=case.customer, words="It rattles.", now=case.due_at).status == "submitted"


def test_a_case_can_be_cancelled_and_its_units_asked_for_again(shopper: Client, case: Case) -> None:
    shopper.post(address(case, "cancel"), {"seen": case.seq, "reason": "I keep it."})
    case = Case.objects.get()
    assert case.status == Case.Status.CANCELLED
    assert case.lines.get().order_line.available == 3


@pytest.mark.parametrize(
    ("steps", "offered"),
    [
        ((), {"cancel"}),
        (("request_information",), {"supply_information", "cancel"}),
        (("propose", "make_offer"), {"cancel"}),
        (("propose", "authorise"), {"ship", "cancel"}),
        (("propose", "settle"), set()),
        (("reject",), {"appeal"}),
        (("cancel",), set()),
        (("reject", "close"), set()),
    ],
)
def test_only_the_steps_of_the_state_are_offered(
    shopper: Client, case: Case, steps: tuple[str, ...], offered: set[str]
) -> None:
    case = at(case, *steps)
    page = shopper.get(address(case)).content.decode()
    for step in ("supply_information", "ship", "appeal", "cancel"):
        assert (address(case, step) in page) == (step in offered), step
        expected = 200 if step in offered else 302
        assert shopper.get(address(case, step)).status_code == expected


@pytest.mark.parametrize(("steps", "words"), [((), "We&#x27;re reviewing it"), (("reject",), "Not approved")])
def test_every_badge_is_in_the_shoppers_words(shopper: Client, case: Case, steps: tuple[str, ...], words: str) -> None:
    case = at(case, *steps)
    pages = [address(case), reverse("signoff:order", args=[case.order.token])]
    pages += [address(case, "appeal")] if steps else []
    for page in pages:
        text = shopper.get(page).content.decode()
        assert words in text, page
        assert f"{case.get_status_display()}</span>" not in text, page


def test_a_shopper_who_was_overtaken_reads_the_shoppers_words(shopper: Client, case: Case) -> None:
    seen = case.seq
    case = at(case, "propose", "authorise")
    page = shopper.post(address(case, "cancel"), {"seen": seen}).content.decode()
    assert "Its status is now “Please send it back”" in page


def test_internal_words_stay_inside(shopper: Client, case: Case, agent: Any) -> None:
    Statement.objects.create(case=case, seq=1, topic="note", words="Known troublemaker", by=agent, said_at=NOW)
    assert "troublemaker" not in shopper.get(address(case)).content.decode()


def test_the_case_of_somebody_else_does_not_exist(client: Client, case: Case) -> None:
    photo = Evidence.objects.create(case=case, file="x", thumbnail="x")
    enter(client, OrderFactory())
    assert client.get(address(case)).status_code == 404
    for step in ("supply_information", "ship", "appeal", "cancel"):
        assert client.get(address(case, step)).status_code == 404
        assert client.post(address(case, step), {"seen": case.seq}).status_code == 404
    assert client.get(f"/evidence/{photo.token}/full").status_code == 404
    assert Case.objects.get().status == Case.Status.SUBMITTED


@pytest.mark.parametrize("step", ["cancel", "accept_offer", "decline_offer"])
def test_a_case_without_a_customer_has_no_steps_for_a_shopper(shopper: Client, case: Case, step: str) -> None:
    case = at(case, "propose", "make_offer")
    Case.objects.filter(pk=case.pk).update(customer=None)
    assert shopper.post(address(case, step), {"seen": case.seq}).status_code == 404
    assert Case.objects.get(pk=case.pk).status == "offered"


def test_without_entry_every_page_leads_to_the_start(case: Case) -> None:
    assert Client().get(address(case)).headers["Location"] == "/"
    assert Client().post(address(case, "cancel"), {"seen": case.seq}).headers["Location"] == "/"


def come_in(client: Client, order: Order, by: str) -> str:
    """Where the browser is led after it has entered ``order`` by code or link."""
    look_up(client, order.number, order.customer.email)
    entered = client.post("/code/", {"code": newest_code()}) if by == "code" else client.post(newest_link())
    return entered.headers["Location"]


@pytest.mark.parametrize("by", ["code", "link"])
def test_a_mails_link_to_a_case_leads_there_after_entry_once(client: Client, case: Case, by: str) -> None:
    client.get(address(case), {"from": "mail"})
    client.get("/evidence/some-photo/thumbnail", headers={"Sec-Fetch-Dest": "image"})
    assert come_in(client, case.order, by) == f"{address(case)}?from=mail"
    assert client.get(f"{address(case)}?from=mail").status_code == 200
    assert come_in(client, case.order, by) == f"/orders/{case.order.token}/"


def test_a_mails_link_of_somebody_else_leads_to_the_own_order_and_then_stays_unknown(
    client: Client, case: Case
) -> None:
    own = OrderFactory()
    for wanted in (address(case), "/cases/R-0/"):
        visitor = Client()
        visitor.get(wanted)
        assert come_in(visitor, own, "code") == wanted
        assert visitor.get(wanted).headers["Location"] == f"/orders/{own.token}/"
        assert visitor.get(wanted).status_code == 404


def test_evidence_is_shown_to_its_shopper_and_to_staff_who_see_cases(
    shopper: Client, case: Case, agent: Any, order: Order
) -> None:
    case = at(case, "request_information")
    shopper.post(address(case, "supply_information"), {"seen": case.seq, "words": "", "photos": upload(GOOD)})
    url = f"/evidence/{Evidence.objects.get().token}"
    assert fetched(shopper, f"{url}/thumbnail").startswith(b"\xff\xd8")
    assert shopper.get(f"{url}/original").status_code == 404
    assert Client().get(f"{url}/full").status_code == 404
    desk = Client()
    desk.force_login(agent)
    assert fetched(desk, f"{url}/full").startswith(b"\xff\xd8")
    draft = Draft.objects.create(order=order)
    unsent = Evidence.objects.create(draft=draft, file="x", thumbnail="x")
    assert desk.get(f"/evidence/{unsent.token}/full").status_code == 404


@pytest.mark.parametrize("status", Case.Status.values)
def test_every_state_has_words_and_a_day(status: str) -> None:
    told = next_step(status, NOW, zone="UTC", now=NOW - timedelta(days=1))
    assert "%" not in told.words
    assert not told.late


def test_when_the_shop_is_late_it_says_so(shopper: Client, case: Case) -> None:
    late = next_step(case.status, NOW, zone="UTC", now=NOW + timedelta(days=1))
    assert (late.late, late.words) == (
        True,
        "This should have been done by 10 March 2026. We're sorry for the delay and are working on it.",
    )
    assert not next_step(Case.Status.OFFERED, NOW, zone="UTC", now=NOW + timedelta(days=1)).late


def test_the_page_asks_as_little_of_three_lines_as_of_one(client: Client) -> None:
    counts = []
    for lines in ([(1, "9.00")], [(1, "9.00")] * 3):
        order = OrderFactory(lines=lines)
        case = make_case(order=order)
        browser = enter(Client(), order)
        browser.get(address(case))
        with CaptureQueriesContext(connection) as queries:
            browser.get(address(case))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_order_page_asks_as_little_of_three_cases_as_of_one(client: Client) -> None:
    order = OrderFactory(lines=[(3, "9.00")])
    enter(client, order)
    counts = []
    for _ in range(3):
        case = make_case(order=order)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/orders/{order.token}/").content.decode()
        counts.append(len(queries))
        assert address(case) in page
    assert counts[0] == counts[2]


def test_photos_held_under_a_name_that_nobody_gave_are_none(client: Client) -> None:
    case = make_case()
    enter(client, case.order)
    client.post(f"/cases/{case.number}/cancel/", {"seen": case.seq, "held": "\x00"})
    assert Case.objects.get(pk=case.pk).status == "cancelled"
