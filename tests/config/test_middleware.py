"""What no view has to think of: zero bytes in addresses, and rows that somebody else holds."""

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import Refusals
from tests.factories import UserFactory

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
    assert "could not be read" in response.text


@pytest.mark.parametrize("reason", [psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected])
def test_who_waited_too_long_for_a_row_gets_a_polite_page(reason: type[psycopg.Error], rf: RequestFactory) -> None:
    request = rf.post("/desk/cases/R-1/take/", headers={"referer": "http://testserver/desk/cases/R-1/"})
    response = Refusals(lambda request: HttpResponse()).process_exception(request, held(reason))
    assert response is not None
    assert response.status_code == 409
    assert "Somebody else was faster" in response.text
    assert 'href="http://testserver/desk/cases/R-1/"' in response.text


def test_a_database_that_is_gone_is_not_excused(rf: RequestFactory) -> None:
    lost = held(psycopg.errors.ConnectionException)
    assert Refusals(lambda request: HttpResponse()).process_exception(rf.get("/"), lost) is None
