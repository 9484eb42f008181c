"""WooCommerce REST API v3 and webhooks (JSON): one order, a list, or the answer of a batch.

Its line amounts are always without tax, with the tax beside. Where the shop's prices include tax the two are
put together again, so that a price here is what the shopper saw. Coupons are spread over the lines by the shop
already. A shop that rounds tax once per order has lines whose taxes miss it by a coin: the coin goes where the
largest remainder is. Fees are lines that are no goods; a fee below zero is a discount.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.cells import CellError
from signoff.imports.files.csv import Row
from signoff.imports.files.json import Node
from signoff.imports.files.uploaded import Source
from signoff.imports.formats.addresses import address_in
from signoff.imports.formats.orders_json import JsonReader, all_are, code, coins, once, read
from signoff.imports.orders.parsed import (
    ZERO,
    Address,
    Buyer,
    SoldDiscount,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)
from signoff.money import coin, split

FINEST = Decimal("0.001")
CANCELLED = frozenset({"cancelled", "failed", "trash"})
PAID = frozenset({"completed", "refunded"})


type Taxes = Mapping[str, Decimal]
"""What was charged, by the path of the part."""


def recognises(source: Source) -> bool:
    return all_are(source, "line_items", "billing", "date_created_gmt", "prices_include_tax")


class WooCommerce(JsonReader):
    """Reads one or several documents."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, _order)


def _order(node: Node, row: Row) -> SoldOrder:
    lines = once(node["line_items"].each())
    fees = once(node["fee_lines"].each())
    if not lines and not fees:
        raise CellError(node["line_items"].path, _("The order has no lines. Ask the shop for it with its lines."))
    included = node["prices_include_tax"].value is True
    billing = _address(node["billing"])
    shipping = _address(node["shipping"])
    address = shipping if shipping.street or shipping.city else billing
    above = [fee for fee in fees if _above(fee)]
    below = [fee for fee in fees if not _above(fee)]
    shipped = list(node["shipping_lines"].each())
    currency = read(node["currency"], cells.currency)
    taxes = _taxes(node, [*lines, *above, *shipped], currency)
    customer = code(node["customer_id"])
    customer = "" if customer == "0" else customer
    total = coins(node["total"])
    return SoldOrder(
        number=read(node["number"] or node["id"], cells.identity),
        number_column=node["number"].path,
        placed_at=read(node["date_created_gmt"], cells.moment, zone=UTC),
        buyer=Buyer(
            external_id=customer,
            name=billing.name,
            email=read(node["billing"]["email"], cells.words),
            phone=billing.phone,
            address=address,
        ),
        country=address.country,
        currency=currency,
        items=[_item(line, row, taxes, included) for line in lines]
        + [_fee(fee, row, taxes, included) for fee in above],
        row=row,
        external_id=code(node["id"]),
        prices_include_tax=included,
        tax=coins(node["total_tax"]) if below else None,
        discounts=(*map(_coupon, node["coupon_lines"].each()), *(_given(fee, included) for fee in below)),
        shipping=tuple(_shipping(line, taxes, included) for line in shipped),
        payments=_payments(node, total),
        total=total,
        paid=_paid(node),
        cancelled=node["status"].text in CANCELLED,
        status=read(node["status"], cells.words, most=80),
    )


def _item(line: Node, row: Row, taxes: Taxes, included: bool) -> SoldItem:
    quantity = read(line["quantity"], cells.units)
    before, after, tax = coins(line["subtotal"]), coins(line["total"]), taxes[line.path]
    tax_before = coins(line["subtotal_tax"])
    listed = before + tax_before if included else before
    paid = after + tax if included else after
    if paid > listed:  # a price that the desk raised by hand
        listed = paid
    return SoldItem(
        row=row,
        sku=code(line["sku"]) or _variation(line),
        title=unescape(read(line["name"], cells.words)),
        quantity=quantity,
        unit_price=(listed / quantity).quantize(FINEST, ROUND_HALF_UP),
        is_goods=True,
        discount=listed - paid,
        tax=tax,
        external_id=code(line["id"]),
        list_total=listed,
    )


def _taxes(node: Node, parts: Sequence[Node], currency: str) -> Taxes:
    """What each line, fee and shipping was charged: the order's tax, where only rounding parts the two."""
    charged = [coins(part["total_tax"]) for part in parts]
    stated = coins(node["total_tax"])
    if 0 < abs(sum(charged, ZERO) - stated) <= len(parts) * coin(currency) and not stated % coin(currency):
        charged = split(stated, list(map(_unrounded, parts)), currency)
    return {part.path: tax for part, tax in zip(parts, charged, strict=True)}


def _unrounded(part: Node) -> Decimal:
    """The tax before it was rounded, which may have many decimals."""
    exact = [Decimal(one["total"].text) for one in part["taxes"].each() if cells.PLAIN_NUMBER.match(one["total"].text)]
    tax = sum(exact, ZERO)
    return tax if exact and 0 <= tax < cells.MAX_AMOUNT else coins(part["total_tax"])


def _variation(line: Node) -> str:
    """The number of a variation or product that has no article number of its own."""
    return next((name for key in ("variation_id", "product_id") if (name := code(line[key])) not in ("", "0")), "")


def _above(fee: Node) -> bool:
    return read(fee["total"], cells.money) >= 0


def _fee(fee: Node, row: Row, taxes: Taxes, included: bool) -> SoldItem:
    tax = taxes[fee.path]
    amount = coins(fee["total"]) + (tax if included else ZERO)
    title = unescape(read(fee["name"], cells.words))
    return SoldItem(row, "FEE", title, 1, amount, is_goods=False, tax=tax, external_id=code(fee["id"]))


def _given(fee: Node, included: bool) -> SoldDiscount:
    amount = read(fee["total"], cells.money)
    if included and fee["total_tax"].text:
        amount += read(fee["total_tax"], cells.money)
    return SoldDiscount(unescape(read(fee["name"], cells.words, most=80)), abs(amount))


def _coupon(line: Node) -> SoldDiscount:
    return SoldDiscount(read(line["code"], cells.words, most=80), coins(line["discount"]), in_items=True)


def _shipping(line: Node, taxes: Taxes, included: bool) -> SoldShipping:
    tax = taxes[line.path]
    amount = coins(line["total"]) + (tax if included else ZERO)
    return SoldShipping(unescape(read(line["method_title"], cells.words, most=120)), amount, tax=tax)


def _paid(node: Node) -> bool:
    """By its date; an order that the desk completed by hand may have none."""
    return bool(node["date_paid_gmt"] or node["date_paid"]) or node["status"].text in PAID


def _payments(node: Node, total: Decimal) -> tuple[SoldPayment, ...]:
    if not _paid(node):
        return ()
    refunded = sum((abs(read(one["total"], cells.money)) for one in node["refunds"].each()), ZERO)
    method = read(node["payment_method_title"] or node["payment_method"], cells.words, most=120)
    return (SoldPayment(method, code(node["transaction_id"]), total, min(refunded, total)),)


def _address(node: Node) -> Address:
    return address_in(node, street=("address_1", "address_2"), region="state", postcode="postcode", country="country")
