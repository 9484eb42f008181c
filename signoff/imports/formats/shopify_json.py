"""Shopify Admin API and webhooks (JSON): one order, ``{"order": …}`` or ``{"orders": […]}``.

Tax is per line as charged where the order has ``tax_lines`` by line, else the order's. Discounts are what was
allocated to each line; codes are told for their name. Fulfilments that failed or were cancelled are no parcels.
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
from signoff.imports.formats.addresses import address_in
from signoff.imports.formats.orders_json import JsonReader, all_are, code, coins, once, read
from signoff.imports.orders.parsed import (
    ZERO,
    Address,
    Buyer,
    SentParcel,
    SoldDiscount,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)

PAID = frozenset({"paid", "partially_refunded", "refunded"})
NOT_SENT = frozenset({"cancelled", "error", "failure"})


def recognises(source: Source) -> bool:
    return all_are(source, "financial_status", "total_price", "created_at")


class ShopifyJson(JsonReader):
    """Reads one or several documents."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, _order)


def _order(node: Node, row: Row) -> SoldOrder:
    lines = once(node["line_items"].each())
    if not lines:
        raise CellError(node["line_items"].path, _("The order has no lines. Ask the shop for it with its lines."))
    address = _address(node["shipping_address"] or node["billing_address"])
    items = [_item(line, row) for line in lines]
    if tip := coins(node["total_tip_received"]):
        items.append(SoldItem(row, "TIP", "Tip", 1, tip, is_goods=False, taxable=False))
    total = coins(node["total_price"])
    return SoldOrder(
        number=read(node["name"], cells.identity),
        number_column=node["name"].path,
        placed_at=read(node["created_at"], cells.moment, zone=UTC),
        buyer=_buyer(node, address),
        country=address.country,
        currency=read(node["currency"], cells.currency),
        items=items,
        row=row,
        external_id=code(node["id"]),
        prices_include_tax=node["taxes_included"].value is True,
        tax=None if any(item.tax is not None for item in items) else coins(node["total_tax"]),
        discounts=tuple(_discounts(node, items)),
        shipping=tuple(map(_shipping, node["shipping_lines"].each())),
        payments=_payments(node, total),
        total=total,
        paid=node["financial_status"].text in PAID,
        cancelled=bool(node["cancelled_at"]),
        status=read(node["financial_status"], cells.words, most=80),
        parcels=tuple(_parcels(node, [line["id"].text for line in lines])),
    )


def _item(line: Node, row: Row) -> SoldItem:
    taxes = list(line["tax_lines"].each())
    allocated = sum((coins(one["amount"]) for one in line["discount_allocations"].each()), ZERO)
    return SoldItem(
        row=row,
        sku=code(line["sku"]) or code(line["variant_id"]) or code(line["product_id"]),
        title=read(line["name"] or line["title"], cells.words),
        quantity=read(line["quantity"], cells.units),
        unit_price=coins(line["price"]),
        is_goods=True,
        discount=allocated or coins(line["total_discount"]),
        tax=sum((coins(one["price"]) for one in taxes), ZERO) if taxes else None,
        tax_rate=_rate(taxes),
        external_id=code(line["id"]),
        category=read(line["product_type"], cells.words, most=80),
        taxable=line["taxable"].value is not False,
        supplier=read(line["vendor"], cells.words, most=80),
    )


def _rate(taxes: Sequence[Node]) -> Decimal | None:
    rates = [one["rate"].value for one in taxes]
    known = [Decimal(rate) for rate in rates if isinstance(rate, Decimal | int) and not isinstance(rate, bool)]
    return sum(known, ZERO) if rates and len(known) == len(rates) else None


def _discounts(node: Node, items: Sequence[SoldItem]) -> list[SoldDiscount]:
    """Codes with their amounts; what the lines hold already is not taken twice."""
    held = sum((item.discount for item in items), ZERO)
    stated = coins(node["total_discounts"])
    in_items = any(line["discount_allocations"] for line in node["line_items"].each()) or 0 < stated <= held
    codes = [
        SoldDiscount(read(one["code"], cells.words, most=80), coins(one["amount"]), in_items=in_items)
        for one in node["discount_codes"].each()
    ]
    if not codes and not in_items and stated > held:
        codes.append(SoldDiscount("", stated - held))
    return codes


def _shipping(line: Node) -> SoldShipping:
    taxes = list(line["tax_lines"].each())
    discounted = sum((coins(one["amount"]) for one in line["discount_allocations"].each()), ZERO)
    return SoldShipping(
        title=read(line["title"], cells.words, most=120),
        amount=coins(line["price"]),
        discount=discounted,
        tax=sum((coins(one["price"]) for one in taxes), ZERO) if taxes else None,
        tax_rate=_rate(taxes),
    )


def _payments(node: Node, total: Decimal) -> tuple[SoldPayment, ...]:
    """By transactions where they came along, else one payment of what is not outstanding."""
    taken = [one for one in node["transactions"].each() if _is(one, "sale", "capture")]
    refunds = [one for refund in node["refunds"].each() for one in refund["transactions"].each() if _is(one, "refund")]
    refunded = sum((coins(one["amount"]) for one in refunds), ZERO)
    if not taken:
        status = node["financial_status"].text
        amount = total - coins(node["total_outstanding"])
        if status not in PAID | {"partially_paid"} or amount < 0:
            return ()
        names = [one.text for one in node["payment_gateway_names"].each()] or [node["gateway"].text]
        method = cells.words(node["gateway"].path, " + ".join(names), most=120)
        return (SoldPayment(method, code(node["reference"]), amount, min(refunded, amount)),)
    payments = []
    for one in taken:
        amount = coins(one["amount"])
        back, refunded = min(refunded, amount), max(refunded - amount, ZERO)
        method = read(one["gateway"], cells.words, most=120)
        payments.append(SoldPayment(method, code(one["authorization"]), amount, back))
    return tuple(payments)


def _is(transaction: Node, *kinds: str) -> bool:
    return transaction["kind"].text in kinds and transaction["status"].text == "success"


def _parcels(node: Node, ids: Sequence[str]) -> list[SentParcel]:
    parcels = []
    for one in node["fulfillments"].each():
        if one["status"].text in NOT_SENT:
            continue
        inside = tuple(
            (ids.index(line["id"].text), read(line["quantity"], cells.units))
            for line in one["line_items"].each()
            if line["id"].text in ids
        )
        number = next(one["tracking_numbers"].each(), one["tracking_number"])
        sent = read(one["created_at"], cells.optional_moment, zone=UTC)
        carrier = read(one["tracking_company"], cells.words, most=60)
        warehouse = code(one["location_id"])
        parcels.append(SentParcel(carrier, code(number), sent, items=inside, warehouse=warehouse))
    return parcels


def _address(node: Node) -> Address:
    return address_in(node, street=("address1", "address2"), region="province", postcode="zip", country="country_code")


def _buyer(node: Node, address: Address) -> Buyer:
    buyer = node["customer"]
    names = (read(buyer[key], cells.words, most=100) for key in ("first_name", "last_name"))
    return Buyer(
        external_id=code(buyer["id"]),
        name=" ".join(filter(None, names)) or address.name,
        email=read(node["email"] or buyer["email"], cells.words),
        phone=read(node["phone"] or buyer["phone"], cells.words, most=40) or address.phone,
        address=address,
        language=read(node["customer_locale"], cells.words, most=10),
    )
