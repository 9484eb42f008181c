"""What no order can be, in whatever format it came."""

from django.utils.translation import gettext as _

from signoff.imports.files.cells import MOST_MONEY, WrongCell
from signoff.imports.orders.parsed import ZERO, SoldOrder
from signoff.imports.orders.totals import listed


def possible(order: SoldOrder) -> SoldOrder:
    """The order itself. Raises ``WrongCell`` by our names of columns, with the row to look at."""
    values = [listed(item, order.currency) for item in order.items]
    if sum(values, ZERO) >= MOST_MONEY:
        sentence = _("The order comes to more than can be true. Look for a comma that is missing.")
        raise WrongCell("price", sentence, row=order.row)
    for item, value in zip(order.items, values, strict=True):
        if item.discount > value:
            sentence = _("A discount of %(discount)s is more than the %(value)s it reduces.")
            raise WrongCell("discount", sentence % {"discount": item.discount, "value": value}, row=item.row)
    for parcel in order.parcels:
        if parcel.delivered_at and parcel.delivered_at < order.placed_at:
            sentence = _("The goods cannot be delivered before the order was placed.")
            raise WrongCell("delivered", sentence, row=order.row)
    return order
