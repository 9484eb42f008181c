"""The pages of a case with 500 messages beside those of one with two, at the desk and for the shopper."""

from datetime import timedelta
from functools import partial
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from returns.models import Case
from signoff.lookup import session as entry
from tests.bench.two_sizes import collect_static, side_by_side
from tests.factories import UserFactory, make_case
from tests.factories.conversation import write_as_shopper, write_message
from tests.figures import Figure, record

FEW, MANY = 2, 500
#: a page draws the last 50 entries, 25 times as many bubbles, and reads the whole logbook, which has one for each
LIMIT = 4


def measure() -> None:
    """The whole section: two cases with a thread each, each page in turns."""
    collect_static()
    begun = perf_counter()
    few, many = (_case_with(number) for number in (FEW, MANY))
    _note(f"writing {MANY} messages", MANY / (perf_counter() - begun), "/s", "", "each with its logbook entry")
    desk, shopper = _agent(), _shopper(few, many)
    _compare("case page", desk, *(f"/desk/cases/{case.number}/" for case in (few, many)))
    _compare("earliest messages", desk, f"/desk/cases/{few.number}/", f"/desk/cases/{many.number}/?before=50")
    _compare("status page", shopper, *(f"/cases/{case.number}/" for case in (few, many)))


def _case_with(messages: int) -> Case:
    """A case whose shopper and agent have written in turns."""
    case, agent = make_case(), UserFactory(role="agent")
    for number in range(messages):
        words = f"Message {number}: is it the cable, or the lamp itself? Both get warm after ten minutes."
        if number % 2:
            write_message(case, words, by=agent)
        else:
            write_as_shopper(case, words)
    return case


def _agent() -> Client:
    client = Client()
    client.force_login(UserFactory(role="agent"))
    return client


def _shopper(*cases: Case) -> Client:
    client = Client()
    session = client.session
    session[entry.KEY] = {str(case.order_id): (timezone.now() + timedelta(hours=9)).isoformat() for case in cases}
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def _compare(name: str, client: Client, few: str, many: str) -> None:
    short, long = side_by_side(partial(_get, client, few), partial(_get, client, many))
    note = f"p50 {short.p50:.0f} → {long.p50:.0f} ms, p95 {short.p95:.0f} → {long.p95:.0f} ms"
    _note(f"{name}: p50, {MANY} messages : {FEW}", long.p50 / short.p50, "×", f"≤ {LIMIT}", note)
    _note(f"{name}: queries", max(map(partial(_queries, client), (few, many))), "", "≤ 10", "")


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        _get(client, address)
    return len(asked)


def _note(name: str, value: float, unit: str, bound: str, note: str) -> None:
    record(Figure("threads", name, round(value, 3), unit, bound, note))
