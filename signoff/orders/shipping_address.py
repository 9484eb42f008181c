"""Where a parcel of an order is sent: its delivery address, else the customer's.

``order.destination`` is one query, unless it was joined (``select_related``).
"""

from signoff.models import Destination, Order


def shipping_address(order: Order) -> str:
    """Name and address, line by line; "" where neither a street or town of delivery nor the customer's is known."""
    to = _destination(order)
    if to is None or not (to.street or to.city):
        customer = order.customer
        return _lines(customer.name, customer.address) if customer and customer.address else ""
    return _lines(to.name, to.company, to.street, " ".join(filter(None, [to.postcode, to.city])), to.region, to.country)


def shipping_phone(order: Order) -> str:
    """The telephone number for the carrier; "" if unknown."""
    to = _destination(order)
    return (to.phone if to else "") or (order.customer.phone if order.customer else "")


def _destination(order: Order) -> Destination | None:
    return getattr(order, "destination", None)


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))
