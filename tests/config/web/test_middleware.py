"""What no view has to think of: zero bytes in addresses, and rows that somebody else holds."""

from html import unescape

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from django_fsm import TransitionNotAllowed

from config.web.middleware import ErrorPages
from tests.factories import UserFactory

REFUSALS = ErrorPages(lambda request: HttpResponse())
ADDRESSES = [
    "/desk/bench/?code=%00",
    "/desk/orders/?q=a%00b",
    "/desk/cases/%00/",
    "/desk/refunds/%00/",
    "/survey/%00/",
    "/cases/%00/",
]


def held(reason: type[psycopg.Error]) -> OperationalError:
    error = OperationalError()
    error.__cause__ = reason()
    return error


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_zero_byte_in_an_address_is_a_bad_request(client: Client, address: str) -> None:
    client.force_login(UserFactory(role="administrator"))
    response = client.get(address)
    assert response.status_code == 400
    assert "We couldn't read this request" in unescape(response.text)


class Action:
    """A view whose action gives way to somebody else ``times`` before it succeeds."""

    def __init__(self, reason: type[psycopg.Error], times: int) -> None:
        self.reason, self.times, self.asked = reason, times, []

    def __call__(self, request: HttpRequest, number: str) -> HttpResponse:
        self.asked.append((number, request.POST["seen"]))
        if len(self.asked) <= self.times:
            raise held(self.reason)
        return HttpResponse("done")


def answer(action: Action, request: HttpRequest) -> HttpResponse | None:
    """What the product answers; Django runs the view first."""
    request.resolver_match = ResolverMatch(action, (), {"number": "R-1"}, url_name="take")
    try:
        return action(request, "R-1")
    except OperationalError as error:
        return ErrorPages(action).process_exception(request, error)


@pytest.mark.parametrize("reason", [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure])
def test_what_gave_way_to_somebody_else_is_tried_three_times(reason: type[psycopg.Error], rf: RequestFactory) -> None:
    luck, none = Action(reason, 2), Action(reason, 3)
    answers = [answer(action, rf.post("/", {"seen": 4})) for action in (luck, none)]
    assert [response.status_code for response in answers] == [200, 409]
    assert [action.asked for action in (luck, none)] == [[("R-1", "4")] * 3] * 2


def test_who_waited_for_a_row_or_sent_files_is_not_asked_to_wait_again(rf: RequestFactory) -> None:
    waited, sent = Action(psycopg.errors.LockNotAvailable, 1), Action(psycopg.errors.DeadlockDetected, 1)
    files = {"seen": 4, "photos": SimpleUploadedFile("lamp.jpg", b"lamp")}
    answers = [answer(waited, rf.post("/", {"seen": 4})), answer(sent, rf.post("/", files))]
    assert [response.status_code for response in answers] == [409, 409]
    assert len(waited.asked + sent.asked) == 2


@pytest.mark.parametrize("reason", [psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected])
def test_who_waited_too_long_for_a_row_gets_a_polite_page(reason: type[psycopg.Error], rf: RequestFactory) -> None:
    request = rf.post("/", {"seen": 4}, headers={"referer": "http://testserver/desk/cases/R-1/"})
    response = answer(Action(reason, 3), request)
    assert response is not None
    assert response.status_code == 409
    assert "Someone else is working on this right now" in response.text
    assert '<input type="hidden" name="seen" value="4">' in response.text
    assert 'href="http://testserver/desk/cases/R-1/"' in response.text


def test_a_password_is_not_shown_again(rf: RequestFactory) -> None:
    response = answer(
        Action(psycopg.errors.LockNotAvailable, 1), rf.post("/", {"seen": 4, "password": "correct horse"})
    )
    assert response.status_code == 409
    assert "correct horse" not in response.text


def test_words_sent_with_files_are_kept_for_copying(rf: RequestFactory) -> None:
    sent = {"seen": 4, "words": "It is dark.", "photos": SimpleUploadedFile("lamp.jpg", b"lamp")}
    response = answer(Action(psycopg.errors.LockNotAvailable, 1), rf.post("/", sent))
    assert "It is dark." in response.text
    assert "<form" not in response.text.partition("<main")[2]


@pytest.mark.parametrize("reason", [psycopg.errors.AdminShutdown, psycopg.OperationalError])
def test_a_database_that_is_gone_is_said_without_asking_it(reason: type[psycopg.Error], rf: RequestFactory) -> None:
    response = REFUSALS.process_exception(rf.get("/"), held(reason))
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "Temporarily unavailable" in response.text


def test_a_statement_that_failed_is_an_error_of_ours(rf: RequestFactory) -> None:
    assert REFUSALS.process_exception(rf.get("/"), held(psycopg.errors.DiskFull)) is None


def test_a_step_that_no_view_refused_is_refused_with_its_sentence(rf: RequestFactory) -> None:
    response = REFUSALS.process_exception(rf.get("/"), TransitionNotAllowed("It is over."))
    assert response.status_code == 409
    assert "It is over." in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("ticked", ["none", "1' OR '1'='1", "9" * 400, "1\x00"])
def test_rows_that_the_admin_cannot_know_are_a_bad_request(client: Client, ticked: str) -> None:
    client.force_login(UserFactory(role="administrator", is_staff=True))
    response = client.post("/admin/signoff/shop/", {"action": "delete_selected", "_selected_action": [ticked]})
    assert response.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["-rf/history/", "1/history/xx/", "1_2D/change/", f"{'9' * 30}/change/"])
def test_rows_that_the_admin_cannot_know_are_not_found(client: Client, rest: str) -> None:
    client.force_login(UserFactory(role="administrator", is_staff=True))
    assert client.get(f"/admin/refunds/approvaltier/{rest}").status_code == 404
