"""More than expected: it is recorded when the goods are received, and decided once at the desk."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from inspection.actions import receive
from inspection.models import Surplus
from inspection.surplus.actions import AlreadyDecided, decide
from returns.lifecycle.actions import move
from returns.models import Case
from tests.factories import UserFactory, make_case

pytestmark = pytest.mark.django_db


def authorised() -> Case:
    case = make_case(quantity=2)
    for step in (Case.propose, Case.authorise):
        case = move(case, step, by=None)
    return case


def test_units_beyond_the_case_become_a_line_to_decide(client: Client) -> None:
    client.force_login(UserFactory(role="inspector"))
    case = authorised()
    line = case.lines.get()
    client.post(
        f"/desk/cases/{case.number}/receive/",
        {"seen": case.seq, f"count_{line.pk}": "5", "other": "A blue charger"},
    )
    rows = [(row.line, row.quantity, row.words) for row in Surplus.objects.order_by("pk")]
    assert rows == [(line, 3, ""), (None, 1, "A blue charger")]
    line.refresh_from_db()
    assert line.received == 2
    entry = case.log.get(verb="receive")
    assert entry.facts == {"counted": 2, "surplus": 4}
    page = client.get(f"/desk/cases/{case.number}/").text
    assert "A blue charger" in page
    assert "to be decided" in page
    assert "4 items more than expected" in page
    assert "Send back to the shopper" not in page  # the bench does not decide


def test_the_desk_decides_once() -> None:
    case = authorised()
    receive(case, by=None, counted={case.lines.get().pk: 3})
    row, agent = Surplus.objects.get(), UserFactory(role="agent")
    with pytest.raises(PermissionDenied):
        decide(row, "keep", by=UserFactory(role="inspector"))
    client = Client()
    client.force_login(agent)
    url = f"/desk/cases/{case.number}/surplus/{row.token}/"
    assert url in client.get(f"/desk/cases/{case.number}/").text
    assert "Choose what becomes of the surplus items." in client.post(url, {"decision": "eat"}, follow=True).text
    assert "Decided." in client.post(url, {"decision": "send_back"}, follow=True).text
    assert "This is decided already" in client.post(url, {"decision": "keep"}, follow=True).text
    row.refresh_from_db()
    assert (row.decision, row.decided_by) == ("send_back", agent)
    with pytest.raises(AlreadyDecided):
        decide(row, "keep", by=agent)


def test_as_many_as_expected_leave_nothing_to_decide() -> None:
    case = authorised()
    receive(case, by=None, counted={case.lines.get().pk: 2})
    assert not Surplus.objects.exists()
    assert case.log.get(verb="receive").facts == {"counted": 2}
