"""Shopify Admin API and webhooks (JSON): one order, ``{"order": …}`` or ``{"orders": […]}``.

Tax is per line as charged where the order has ``tax_lines`` by line, else the order's. Discounts are what was
allocated to each line; codes are kept for their name. Fulfilments that failed or were cancelled are no parcels.
"""

from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal

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
    ReportedRefund,
    SentParcel,
    SoldDiscount,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)

REFUNDED = "refunded"
PAID = frozenset({"paid", "partially_refunded", REFUNDED})
NOT_SENT = frozenset({"cancelled", "error", "failure"})


def recognises(source: Source) -> bool:
    return all_have_keys(source, "financial_status", "total_price", "created_at")


class ShopifyJson(JsonReader):
    """Reads one or several documents."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, _order)


def _order(node: Node, row: Row) -> SoldOrder:
    lines = unique_lines(node["line_items"].elements())
    if not lines:
        raise CellError(node["line_items"].path, _("The order has no lines. Export it again with its lines."))
    address = _address(node["shipping_address"] or node["billing_address"])
    items = [_item(line, row) for line in lines]
    if tip := read_amount(node["total_tip_received"]):
        items.append(SoldItem(row, "TIP", "Tip", 1, tip, is_goods=False, taxable=False))
    total = read_amount(node["total_price"])
    return SoldOrder(
        number=read_value(node["name"], cells.identity),
        number_column=node["name"].path,
        placed_at=read_value(node["created_at"], cells.moment, zone=UTC),
        buyer=_buyer(node, address),
        country=address.country,
        currency=read_value(node["currency"], cells.currency),
        items=items,
        row=row,
        external_id=read_code(node["id"]),
        prices_include_tax=node["taxes_included"].value is True,
        tax=None if any(item.tax is not None for item in items) else read_amount(node["total_tax"]),
        discounts=tuple(_discounts(node, items)),
        shipping=tuple(map(_shipping, node["shipping_lines"].elements())),
        payments=_payments(node, total),
        total=total,
        paid=node["financial_status"].text in PAID,
        on_delivery=is_on_delivery(_gateways(node)),
        cancelled=bool(node["cancelled_at"]),
        status=read_value(node["financial_status"], cells.words, max_length=80),
        parcels=tuple(_parcels(node, [line["id"].text for line in lines])),
    )


def _item(line: Node, row: Row) -> SoldItem:
    taxes = list(line["tax_lines"].elements())
    allocated = sum((read_amount(tax["amount"]) for tax in line["discount_allocations"].elements()), ZERO)
    return SoldItem(
        row=row,
        sku=read_code(line["sku"]) or read_code(line["variant_id"]) or read_code(line["product_id"]),
        title=read_value(line["name"] or line["title"], cells.words),
        quantity=read_value(line["quantity"], cells.units),
        unit_price=read_amount(line["price"]),
        is_goods=True,
        discount=allocated or read_amount(line["total_discount"]),
        tax=sum((read_amount(tax["price"]) for tax in taxes), ZERO) if taxes else None,
        tax_rate=_rate(taxes),
        external_id=read_code(line["id"]),
        category=read_value(line["product_type"], cells.words, max_length=80),
        taxable=line["taxable"].value is not False,
        supplier=read_value(line["vendor"], cells.words, max_length=80),
    )


def _rate(taxes: Sequence[Node]) -> Decimal | None:
    rates = [tax["rate"].value for tax in taxes]
    numbers = [Decimal(rate) for rate in rates if isinstance(rate, Decimal | int) and not isinstance(rate, bool)]
    return sum(numbers, ZERO) if rates and len(numbers) == len(rates) else None


def _discounts(node: Node, items: Sequence[SoldItem]) -> list[SoldDiscount]:
    """Discount codes with their amounts; an amount that the lines include already is not counted twice."""
    line_discounts = sum((item.discount for item in items), ZERO)
    stated = read_amount(node["total_discounts"])
    in_items = (
        any(line["discount_allocations"] for line in node["line_items"].elements()) or 0 < stated <= line_discounts
    )
    discounts = [
        SoldDiscount(
            read_value(node_of_code["code"], cells.words, max_length=80),
            read_amount(node_of_code["amount"]),
            in_items=in_items,
        )
        for node_of_code in node["discount_codes"].elements()
    ]
    if not discounts and not in_items and stated > line_discounts:
        discounts.append(SoldDiscount("", stated - line_discounts))
    return discounts


def _shipping(line: Node) -> SoldShipping:
    taxes = list(line["tax_lines"].elements())
    discounted = sum((read_amount(part["amount"]) for part in line["discount_allocations"].elements()), ZERO)
    return SoldShipping(
        title=read_value(line["title"], cells.words, max_length=120),
        amount=read_amount(line["price"]),
        discount=discounted,
        tax=sum((read_amount(part["price"]) for part in taxes), ZERO) if taxes else None,
        tax_rate=_rate(taxes),
    )


def _payments(node: Node, total: Decimal) -> tuple[SoldPayment, ...]:
    """One payment per transaction if the file has transactions, else one of the paid part."""
    captured = [transaction for transaction in node["transactions"].elements() if _is(transaction, "sale", "capture")]
    refunds = _refunds(node)
    if not captured:
        status = node["financial_status"].text
        amount = total - read_amount(node["total_outstanding"])
        if status not in PAID | {"partially_paid"} or amount < 0:
            return ()
        method = cells.words(node["gateway"].path, _gateways(node), max_length=120)
        return (_payment(node, method, read_code(node["reference"]), amount, list(map(_reported, refunds))),)
    shares = _share_refunds(captured, refunds)
    return tuple(
        _payment(
            node,
            read_value(transaction["gateway"], cells.words, max_length=120),
            read_code(transaction["authorization"]),
            read_amount(transaction["amount"]),
            share,
        )
        for transaction, share in zip(captured, shares, strict=True)
    )


def _payment(
    node: Node, method: str, reference: str, amount: Decimal, refunds: Sequence[ReportedRefund]
) -> SoldPayment:
    """A payment with its refunds; an order called refunded without any was refunded whole."""
    refunded = min(sum((refund.amount for refund in refunds), ZERO), amount)
    if not refunded and node["financial_status"].text == REFUNDED:
        refunded = amount
    named = tuple(refund for refund in refunds if refund.reference)
    return SoldPayment(method, reference, amount, refunded, named)


def _refunds(node: Node) -> list[Node]:
    """The order's refund transactions: they may be in its refunds, among its transactions, or in both."""
    nested = (transaction for refund in node["refunds"].elements() for transaction in refund["transactions"].elements())
    everywhere = [*nested, *node["transactions"].elements()]
    found = [transaction for transaction in everywhere if _is(transaction, "refund")]
    return list({transaction["id"].text or transaction.path: transaction for transaction in found}.values())


def _reported(transaction: Node) -> ReportedRefund:
    """The refund with the payment provider's reference, else Shopify's own."""
    reference = read_code(transaction["authorization"]) or read_code(transaction["id"])
    return ReportedRefund(reference, read_amount(transaction["amount"]))


def _share_refunds(captured: Sequence[Node], refunds: Sequence[Node]) -> list[list[ReportedRefund]]:
    """The refunds of each payment: of the one they name, else of one by the same gateway, else of the first with room.

    A refund that is more than the payment it names goes on to the next.
    """
    left = [read_amount(transaction["amount"]) for transaction in captured]
    shares: list[list[ReportedRefund]] = [[] for _transaction in captured]
    for transaction in refunds:
        refund = _reported(transaction)
        amount = refund.amount
        for place in sorted(range(len(captured)), key=lambda place: _distance(transaction, captured[place])):
            if part := min(amount, left[place]):
                shares[place].append(ReportedRefund(refund.reference, part))
                left[place], amount = left[place] - part, amount - part
    return shares


def _distance(refund: Node, payment: Node) -> int:
    """0 for the payment that the refund names, 1 for one by the same gateway, 2 for any other."""
    named = refund["parent_id"].text
    if named and named in (payment["id"].text, payment["parent_id"].text):
        return 0
    return 1 if refund["gateway"].text == payment["gateway"].text else 2


def _gateways(node: Node) -> str:
    names = [gateway.text for gateway in node["payment_gateway_names"].elements()] or [node["gateway"].text]
    return " + ".join(names)


def _is(transaction: Node, *kinds: str) -> bool:
    return transaction["kind"].text in kinds and transaction["status"].text == "success"


def _parcels(node: Node, ids: Sequence[str]) -> list[SentParcel]:
    parcels = []
    for fulfillment in node["fulfillments"].elements():
        if fulfillment["status"].text in NOT_SENT:
            continue
        items = tuple(
            (ids.index(line["id"].text), read_value(line["quantity"], cells.units))
            for line in fulfillment["line_items"].elements()
            if line["id"].text in ids
        )
        numbers = [number.text for number in fulfillment["tracking_numbers"].elements()]
        number = cells.words(fulfillment.path, "\n".join(numbers) or fulfillment["tracking_number"].text)
        sent = read_value(fulfillment["created_at"], cells.optional_moment, zone=UTC)
        carrier = read_value(fulfillment["tracking_company"], cells.words, max_length=60)
        warehouse = read_code(fulfillment["location_id"])
        parcels.append(SentParcel(carrier, number, sent, items=items, warehouse=warehouse))
    return parcels


def _address(node: Node) -> Address:
    return read_json_address(
        node, street=("address1", "address2"), region="province", postcode="zip", country="country_code"
    )


def _buyer(node: Node, address: Address) -> Buyer:
    buyer = node["customer"]
    names = (read_value(buyer[key], cells.words, max_length=100) for key in ("first_name", "last_name"))
    return Buyer(
        external_id=read_code(buyer["id"]),
        name=" ".join(filter(None, names)) or address.name,
        email=read_value(node["email"] or buyer["email"], cells.words),
        phone=read_value(node["phone"] or buyer["phone"], cells.words, max_length=40) or address.phone,
        address=address,
        language=read_value(node["customer_locale"], cells.words, max_length=10),
    )
