"""The case page and its steps."""

import html

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from returns.case_page.desk_steps import STEPS
from returns.lifecycle.actions import move, steps_for
from returns.models import Case, Evidence, Line, Statement
from returns.review.actions import reject, request_information
from returns.review.assignment import take
from signoff.models import Parcel, SignOff
from tests.factories import CustomerFactory, OrderFactory, OrderLineFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent")


@pytest.fixture
def desk(agent: User, client: Client) -> Client:
    client.force_login(agent)
    return client


def full_case(rows: int) -> Case:
    """A case with ``rows`` of everything that its page lists."""
    customer = CustomerFactory()
    order = OrderFactory(customer=customer)
    case = make_case(order=order)
    for number in range(rows):
        line = OrderLineFactory(order=order, position=number + 2)
        row = Line.objects.create(
            case=case, order_line=line, reason=case.lines.first().reason, units=[(1, 2)], requested=1, words="Broken."
        )
        Evidence.objects.create(case=case, line=row, file="x.jpg", thumbnail="y.jpg")
        parcel = Parcel.objects.create(order=order, direction="outbound", tracking_number=f"T{number}")
        SignOff.objects.create(
            order=order, parcel=parcel, outcome="accepted", channel="phone", signed_at=order.placed_at
        )
        Statement.objects.create(case=case, seq=1, topic="note", words="Hm.", by=UserFactory(), said_at=order.placed_at)
        make_case(order=OrderFactory(customer=customer))
    return case


def test_the_case_page_asks_as_often_for_three_of_everything_as_for_one(desk: Client) -> None:
    asked = []
    for rows in (1, 3):
        case = full_case(rows)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(case.get_absolute_url()).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 60


def test_the_buttons_are_what_the_state_machine_allows(desk: Client, agent: User) -> None:
    case = make_case()
    buttons = desk.get(case.get_absolute_url()).context["buttons"]
    allowed = {f"{case.get_absolute_url()}{step.name}/" for step in steps_for(case, agent)}
    assert {button["url"] for button in buttons} == allowed | {f"{case.get_absolute_url()}offer/"}
    assert str(buttons[0]["label"]) == "Propose plan"


def test_a_manager_reads_approve_once() -> None:
    case = move(make_case(), Case.propose, by=None)
    client = Client()
    client.force_login(UserFactory(role="manager"))
    buttons = client.get(case.get_absolute_url()).context["buttons"]
    assert [str(button["label"]) for button in buttons] == [
        "Approve",
        "Send back to review",
        "Reject",
        "Cancel request",
    ]


def test_a_number_that_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get("/desk/cases/R-1-1/").status_code == 404


def test_taking_and_handing_back_from_the_page(desk: Client, agent: User) -> None:
    case = make_case()
    desk.post(f"{case.get_absolute_url()}take/")
    assert Case.objects.get().owner == agent
    desk.post(f"{case.get_absolute_url()}hand-back/")
    assert Case.objects.get().owner is None


def test_taking_what_a_colleague_has_says_who(desk: Client) -> None:
    case = take(make_case(), by=UserFactory(role="agent"))
    response = desk.post(f"{case.get_absolute_url()}take/", follow=True)
    assert "Mei Sato has just taken case" in response.content.decode()


STATES = {
    "request_information": [],
    "send_to_appraisal": [],
    "reject": [],
    "report_lost": ["propose", "authorise", "ship"],
    "reopen": ["propose", "settle", "resolve"],
    "supply_information": ["request_information"],
    "ship": ["propose", "authorise"],
    "appeal": ["reject"],
    "cancel": [],
}
TYPED = {
    "question": "Which colour?",
    "words": "So it is.",
    "note": "Look closely.",
    "reason": "Found it.",
    "carrier": "DHL",
    "tracking_number": "JJD1",
}


def case_for(step: str) -> Case:
    case = make_case()
    for name in STATES[step]:
        case = move(case, getattr(Case, name), by=None)
    if step == "reopen":
        order_line = case.lines.get().order_line
        order_line.returning, order_line.returned = 0, 1
        order_line.save()
    return case


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_from_its_page(desk: Client, agent: User, name: str) -> None:
    case = case_for(name)
    page = desk.get(f"{case.get_absolute_url()}{name}/")
    assert page.context["form"]["seen"].value() == case.seq
    response = desk.post(f"{case.get_absolute_url()}{name}/", {"seen": case.seq, **TYPED}, follow=True)
    assert response.redirect_chain == [(case.get_absolute_url(), 302)]
    assert (case.log.last().verb, case.log.last().by) == (name, agent)


@pytest.mark.parametrize("name", ["request_information", "reject", "supply_information", "appeal", "ship"])
def test_an_empty_form_is_refused_with_a_sentence(desk: Client, name: str) -> None:
    case = case_for(name)
    response = desk.post(f"{case.get_absolute_url()}{name}/", {"seen": case.seq})
    assert response.status_code == 200
    assert all(error.endswith(".") for errors in response.context["form"].errors.values() for error in errors)
    assert Case.objects.get().seq == case.seq


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(desk: Client, agent: User) -> None:
    case = make_case()
    take(case, by=UserFactory(role="agent", first_name="Jon", last_name="Lind"))
    address = f"{case.get_absolute_url()}reject/"
    response = desk.post(address, {"seen": case.seq, "words": "It was worn."})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Jon Lind" in text
    assert "Case taken" in text
    assert "It was worn." in text
    assert not Statement.objects.exists()
    again = desk.post(address, {"seen": response.context["form"]["seen"].value(), "words": "It was worn."})
    assert again.url == case.get_absolute_url()


def test_words_for_a_step_that_is_gone_are_kept_to_copy(desk: Client, agent: User) -> None:
    case = make_case()
    reject(case, by=UserFactory(role="agent"), words="No.")
    response = desk.post(f"{case.get_absolute_url()}request_information/", {"seen": case.seq, "question": "Why so?"})
    assert response.status_code == 409
    assert "has moved on. Its status is now “rejected”" in response.content.decode()
    assert "Why so?" in response.content.decode()
    assert not response.context["possible"]


def test_a_step_that_is_not_possible_now_leads_back_with_a_sentence(desk: Client) -> None:
    case = make_case()
    response = desk.get(f"{case.get_absolute_url()}reopen/", follow=True)
    assert "You can't use “Reopen” while the case is “awaiting review”." in html.unescape(response.content.decode())


@pytest.mark.parametrize("role", ["inspector", "finance"])
def test_who_may_not_review_gets_403_on_every_step(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role))
    for name in STEPS:
        case = case_for(name)
        for ask in (client.get, client.post):
            assert ask(f"{case.get_absolute_url()}{name}/", {"seen": case.seq, **TYPED}).status_code == 403, name


def test_an_agent_may_not_reject_what_waits_for_approval(desk: Client) -> None:
    case = move(make_case(), Case.propose, by=None)
    assert desk.get(f"{case.get_absolute_url()}reject/").status_code == 403


def test_to_reject_what_waits_for_approval_leads_to_the_page_of_the_plan(client: Client) -> None:
    client.force_login(UserFactory(role="manager"))
    case = move(make_case(), Case.propose, by=None)
    authorise = f"{case.get_absolute_url()}authorise/"
    buttons = {button["label"]: button["url"] for button in client.get(case.get_absolute_url()).context["buttons"]}
    assert buttons["Reject"] == authorise
    assert client.get(f"{case.get_absolute_url()}reject/").headers["Location"] == authorise


def test_what_waits_for_approval_is_not_rejected_past_its_plan(client: Client) -> None:
    client.force_login(UserFactory(role="manager"))
    case = move(make_case(), Case.propose, by=None)
    response = client.post(f"{case.get_absolute_url()}reject/", {"seen": case.seq, "words": "Worn out."})
    assert (response.status_code, response.context["possible"]) == (409, False)
    assert "Worn out." in response.content.decode()
    assert Case.objects.get().status == "awaiting_approval"


def test_the_question_stands_on_the_page(desk: Client, agent: User) -> None:
    case = request_information(make_case(), by=agent, question="Which lamp, please?")
    assert "Which lamp, please?" in desk.get(case.get_absolute_url()).content.decode()
