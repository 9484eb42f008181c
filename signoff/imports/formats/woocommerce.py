"""WooCommerce REST API v3 and webhooks (JSON): one order, a list, or the response to a batch request.

Its line amounts are always without tax, with the tax in a field of its own. If the shop's prices include tax, the two
are added, so that the stored price is what the shopper saw. The shop has spread coupons over the lines already.
If a shop rounds tax once per order, the taxes of its lines can miss the total by a coin: the coin goes to the line with
the largest remainder. Fees are order lines without goods; a negative fee is a discount.
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
from signoff.imports.formats.addresses import read_json_address
from signoff.imports.formats.orders_json import (
    JsonReader,
    all_have_keys,
    read_amount,
    read_code,
    read_value,
    unique_lines,
)
from signoff.imports.formats.payment_methods import is_on_delivery
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
REFUNDED = "refunded"
PAID = frozenset({"completed", REFUNDED})


type Taxes = Mapping[str, Decimal]
"""Tax charged, by the path of the node."""


def recognises(source: Source) -> bool:
    return all_have_keys(source, "line_items", "billing", "date_created_gmt", "prices_include_tax")


class WooCommerce(JsonReader):
    """Reads one or several documents."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, _order)


def _order(node: Node, row: Row) -> SoldOrder:
    lines = unique_lines(node["line_items"].elements())
    fees = unique_lines(node["fee_lines"].elements())
    if not lines and not fees:
        raise CellError(node["line_items"].path, _("The order has no lines. Export it again with its lines."))
    included = node["prices_include_tax"].value is True
    billing = _address(node["billing"])
    shipping = _address(node["shipping"])
    address = shipping if shipping.street or shipping.city else billing
    charges = [fee for fee in fees if _is_charge(fee)]
    reductions = [fee for fee in fees if not _is_charge(fee)]
    shipping_lines = list(node["shipping_lines"].elements())
    currency = read_value(node["currency"], cells.currency)
    taxes = _taxes(node, [*lines, *charges, *shipping_lines], currency)
    total = read_amount(node["total"])
    return SoldOrder(
        number=read_value(node["number"] or node["id"], cells.identity),
        number_column=node["number"].path,
        placed_at=read_value(node["date_created_gmt"], cells.moment, zone=UTC),
        buyer=_buyer(node, billing, address),
        country=address.country,
        currency=currency,
        items=[_item(line, row, taxes, included) for line in lines]
        + [_fee(fee, row, taxes, included) for fee in charges],
        row=row,
        external_id=read_code(node["id"]),
        prices_include_tax=included,
        tax=read_amount(node["total_tax"]) if reductions else None,
        discounts=(
            *map(_coupon, node["coupon_lines"].elements()),
            *(_fee_discount(fee, included) for fee in reductions),
        ),
        shipping=tuple(_shipping(line, taxes, included) for line in shipping_lines),
        payments=_payments(node, total),
        total=total,
        paid=_paid(node),
        on_delivery=is_on_delivery(f"{node['payment_method'].text} {node['payment_method_title'].text}"),
        cancelled=node["status"].text in CANCELLED,
        status=read_value(node["status"], cells.words, max_length=80),
    )


def _buyer(node: Node, billing: Address, address: Address) -> Buyer:
    """The buyer by the billing address; guests have the customer id 0."""
    number = read_code(node["customer_id"])
    return Buyer(
        external_id="" if number == "0" else number,
        name=billing.name,
        email=read_value(node["billing"]["email"], cells.words),
        phone=billing.phone,
        address=address,
    )


def _item(line: Node, row: Row, taxes: Taxes, included: bool) -> SoldItem:
    quantity = read_value(line["quantity"], cells.units)
    before, after, tax = read_amount(line["subtotal"]), read_amount(line["total"]), taxes[line.path]
    tax_before = read_amount(line["subtotal_tax"])
    listed = before + tax_before if included else before
    paid = after + tax if included else after
    if paid > listed:  # a price that the desk raised by hand
        listed = paid
    return SoldItem(
        row=row,
        sku=read_code(line["sku"]) or _variation(line),
        title=unescape(read_value(line["name"], cells.words)),
        quantity=quantity,
        unit_price=(listed / quantity).quantize(FINEST, ROUND_HALF_UP),
        is_goods=True,
        discount=listed - paid,
        tax=tax,
        external_id=read_code(line["id"]),
        list_total=listed,
    )


def _taxes(node: Node, parts: Sequence[Node], currency: str) -> Taxes:
    """Tax of each line, fee and shipping charge; shared from the order's tax if they differ only by rounding."""
    charged = [read_amount(part["total_tax"]) for part in parts]
    stated = read_amount(node["total_tax"])
    if 0 < abs(sum(charged, ZERO) - stated) <= len(parts) * coin(currency) and not stated % coin(currency):
        charged = split(stated, list(map(_unrounded, parts)), currency)
    return {part.path: tax for part, tax in zip(parts, charged, strict=True)}


def _unrounded(part: Node) -> Decimal:
    """The tax before it was rounded, which may have many decimals."""
    exact = [
        Decimal(tax_node["total"].text)
        for tax_node in part["taxes"].elements()
        if cells.PLAIN_NUMBER.match(tax_node["total"].text)
    ]
    tax = sum(exact, ZERO)
    return tax if exact and 0 <= tax < cells.MAX_AMOUNT else read_amount(part["total_tax"])


def _variation(line: Node) -> str:
    """The id of a variation or product that has no SKU."""
    return next((name for key in ("variation_id", "product_id") if (name := read_code(line[key])) not in ("", "0")), "")


def _is_charge(fee: Node) -> bool:
    return read_value(fee["total"], cells.money) >= 0


def _fee(fee: Node, row: Row, taxes: Taxes, included: bool) -> SoldItem:
    tax = taxes[fee.path]
    amount = read_amount(fee["total"]) + (tax if included else ZERO)
    title = unescape(read_value(fee["name"], cells.words))
    return SoldItem(row, "FEE", title, 1, amount, is_goods=False, tax=tax, external_id=read_code(fee["id"]))


def _fee_discount(fee: Node, included: bool) -> SoldDiscount:
    amount = read_value(fee["total"], cells.money)
    if included and fee["total_tax"].text:
        amount += read_value(fee["total_tax"], cells.money)
    return SoldDiscount(unescape(read_value(fee["name"], cells.words, max_length=80)), abs(amount))


def _coupon(line: Node) -> SoldDiscount:
    return SoldDiscount(
        read_value(line["code"], cells.words, max_length=80), read_amount(line["discount"]), in_items=True
    )


def _shipping(line: Node, taxes: Taxes, included: bool) -> SoldShipping:
    tax = taxes[line.path]
    amount = read_amount(line["total"]) + (tax if included else ZERO)
    return SoldShipping(unescape(read_value(line["method_title"], cells.words, max_length=120)), amount, tax=tax)


def _paid(node: Node) -> bool:
    """Paid by its date; an order that staff completed by hand may have none."""
    return bool(node["date_paid_gmt"] or node["date_paid"]) or node["status"].text in PAID


def _payments(node: Node, total: Decimal) -> tuple[SoldPayment, ...]:
    if not _paid(node):
        return ()
    refunded = sum((abs(read_value(refund["total"], cells.money)) for refund in node["refunds"].elements()), ZERO)
    if not refunded and node["status"].text == REFUNDED:
        refunded = total
    method = read_value(node["payment_method_title"] or node["payment_method"], cells.words, max_length=120)
    return (SoldPayment(method, read_code(node["transaction_id"]), total, min(refunded, total)),)


def _address(node: Node) -> Address:
    return read_json_address(
        node, street=("address_1", "address_2"), region="state", postcode="postcode", country="country"
    )
