"""A parcel goes to the delivery address, else to the customer, else somebody has to ask."""

import pytest

from signoff.models import Order
from signoff.orders.shipping_address import shipping_address, shipping_phone
from tests.factories import CustomerFactory, DestinationFactory, OrderFactory

pytestmark = pytest.mark.django_db

ANNA = {"name": "Anna Schmidt", "address": "Am Markt 1\n20095 Hamburg", "phone": "+49 40 555 0001"}
BO = {"name": "Bo Larsen", "company": "", "street": "Hafenstr. 12", "postcode": "20457", "city": "Hamburg"}
TO_ANNA, TO_BO = "Anna Schmidt\nAm Markt 1\n20095 Hamburg", "Bo Larsen\nHafenstr. 12\n20457 Hamburg\nDE"


@pytest.mark.parametrize(
    ("customer", "destination", "expected"),
    [
        (ANNA, BO | {"phone": "+49 40 555 0909"}, (TO_BO, "+49 40 555 0909")),
        (ANNA, BO | {"phone": ""}, (TO_BO, "+49 40 555 0001")),
        (ANNA, BO | {"street": "", "city": "", "phone": "+49 40 555 0909"}, (TO_ANNA, "+49 40 555 0909")),
        (ANNA, None, (TO_ANNA, "+49 40 555 0001")),
        (ANNA | {"address": ""}, None, ("", "+49 40 555 0001")),
        (None, BO | {"phone": ""}, (TO_BO, "")),
        (None, None, ("", "")),
    ],
)
def test_a_parcel_goes_to_the_delivery_address_else_to_the_customer(
    customer: dict[str, str] | None, destination: dict[str, str] | None, expected: tuple[str, str]
) -> None:
    order = OrderFactory(customer=customer and CustomerFactory(**customer))
    if destination:
        DestinationFactory(order=order, country="DE", region="", **destination)
    order = Order.objects.get(pk=order.pk)
    assert (shipping_address(order), shipping_phone(order)) == expected
