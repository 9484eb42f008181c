"""Who at the desk sees amounts and phone numbers."""

import pytest
from django.test import Client

from returns.models import Case
from tests.factories import ParcelFactory, UserFactory
from tests.factories.settlements import make_settled_case

pytestmark = pytest.mark.django_db

PHONE = "+49 40 987 654"
KNOWS = {"agent": True, "manager": True, "finance": True, "administrator": True, "inspector": False}


@pytest.fixture
def case() -> Case:
    """A case with a plan, a refund and a shopper with a telephone."""
    case = make_settled_case(gross="20.00")
    case.customer.phone = PHONE
    case.customer.save()
    ParcelFactory(order=case.order)
    return case


@pytest.mark.parametrize(("role", "knows"), KNOWS.items())
@pytest.mark.parametrize("place", ["case", "queue", "order", "orders"])
def test_only_those_who_need_to_know_are_told(
    client: Client, case: Case, place: str, role: str, *, knows: bool
) -> None:
    client.force_login(UserFactory(role=role))
    addresses = {
        "case": case.get_absolute_url(),
        "queue": "/desk/cases/?tab=all",
        "order": f"/desk/orders/{case.order.token}/",
        "orders": "/desk/orders/",
    }
    page = client.get(addresses[place])
    assert page.status_code == 200
    assert case.order.number in page.text or case.number in page.text
    assert ("€" in page.text) is knows
    assert (PHONE in page.text) is (knows and place in ("case", "order"))
