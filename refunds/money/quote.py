"""Compute a quote: the amounts that a wish refunds, part by part, never more than is left.

Caps are cumulative: each unit, each line, each shipping charge, the payments, the order.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from refunds.money.fees import fee_parts
from refunds.money.inputs import (
    Code,
    EarlierRefund,
    Kind,
    LineWish,
    Part,
    Quote,
    QuoteRefused,
    Sale,
    ShippingWish,
    SoldLine,
    Tender,
    Wish,
)
from refunds.money.units import Units
from signoff.money import Span, to_coin, whole_coins

NOTHING = Decimal(0)


def quote(sale: Sale, wish: Wish, *, earlier: Sequence[EarlierRefund] = ()) -> Quote:
    """The quote for a ``wish`` on ``sale`` after ``earlier`` refunds. Raises ``QuoteRefused``."""
    lines = {line.id: (line, Units(line.cost)) for line in sale.lines}
    shipping = {charge.id: (charge, Units(charge.cost)) for charge in sale.shipping}
    for refund in earlier:
        _count_earlier(refund, lines, shipping)
    parts = [_line_part(wished, *_find(lines, wished.id), sale=sale) for wished in wish.lines if _is_requested(wished)]
    parts += [_shipping_part(wished, *_find(shipping, wished.id), sale=sale) for wished in wish.shipping]
    parts += fee_parts(wish.fees, parts, _rates(sale), currency=sale.currency, tax_included=sale.tax_included)
    total, tax = (to_coin(sum(column, NOTHING), sale.currency) for column in _columns(parts))
    before = sum((refund.amount for refund in earlier), NOTHING)
    is_free = bool(parts) and not any(part.worth for part in parts)
    _check_total(total, sale=sale, before=before, is_free=is_free)
    payments = pay_back(total, sale.payments or (), before=before) if sale.payments is not None else ()
    return Quote(sale.currency, total, total - tax, tax, tuple(parts), payments)


def pay_back(total: Decimal, payments: Sequence[Tender], *, before: Decimal = NOTHING) -> tuple[Tender, ...]:
    """Divide ``total`` over the payments in their order, after ``before`` was divided over them in the same way.

    Payments with a share of zero are left out. Raises ``QuoteRefused`` if ``total`` exceeds them.
    """
    shares = []
    for payment in payments:
        spent = min(before, payment.amount)
        share = min(total, payment.amount - spent)
        before -= spent
        total -= share
        if share:
            shares.append(Tender(payment.id, share))
    if total > 0:
        raise QuoteRefused(
            Code.EXCEEDS_REFUNDABLE,
            _("That is %(amount)s more than is left to refund. Lower the amount.") % {"amount": total},
        )
    return tuple(shares)


def _find(lines: dict[str, tuple[SoldLine, Units]], name: str) -> tuple[SoldLine, Units]:
    if name not in lines:
        raise QuoteRefused(
            Code.UNKNOWN_LINE, _("The order has no line or shipping charge “%(name)s”.") % {"name": name}
        )
    return lines[name]


def _count_earlier(
    refund: EarlierRefund, lines: dict[str, tuple[SoldLine, Units]], shipping: dict[str, tuple[SoldLine, Units]]
) -> None:
    """Count an earlier refund; the part that exceeds the cost of its units counts against the others."""
    if refund.amount < 0:
        raise QuoteRefused(Code.INVALID_AMOUNT, _("An amount refunded earlier can't be negative."))
    line, units = _find(lines, refund.line) if refund.line is not None else _find(shipping, refund.shipping or "")
    remaining = refund.amount
    spans = units.next_open(refund.quantity or 0) if refund.units is None else _existing(line, refund.units)
    remaining -= units.take(spans, min(remaining, units.left_in(spans)), used=refund.quantity is not None).gross
    if not remaining:
        return
    others = units.next_open(line.cost.quantity)
    units.take(others, min(remaining, units.left_in(others)), used=False)


def _is_requested(wished: LineWish) -> bool:
    """Whether the wish refunds anything: zero units without an amount do not."""
    return wished.quantity != 0 or wished.amount is not None


def _line_part(wished: LineWish, line: SoldLine, units: Units, *, sale: Sale) -> Part:
    spans = _chosen(wished, line, units)
    refunded = units.take(spans, _amount(wished.amount, units.left_in(spans), sale.currency), used=True)
    worth = line.cost.units(spans)
    return Part(
        kind=Kind.GOODS,
        net=refunded.gross - refunded.tax,
        tax=refunded.tax,
        gross=refunded.gross,
        worth=worth.gross,
        line=line.id,
        quantity=wished.quantity,
        units=refunded.spans,
        list_total=worth.list_total,
        discount=worth.discount,
        before=refunded.before,
        tax_included=sale.tax_included,
    )


def _chosen(wished: LineWish, line: SoldLine, units: Units) -> list[Span]:
    """The units of the wish; each has something left to refund."""
    if wished.quantity < 0:
        raise QuoteRefused(Code.INVALID_AMOUNT, _("A quantity cannot be negative."))
    if wished.units is None:
        spans = units.next_open(wished.quantity)
    else:
        _check_names(wished, line)
        spans = units.open_among(wished.units)
    open_units = sum(end - first for first, end in spans)
    if open_units == wished.quantity:
        return spans
    if open_units == 0 and wished.amount is None and wished.quantity <= line.cost.quantity:
        raise QuoteRefused(
            Code.NOTHING_TO_REFUND, _("Order line “%(line)s” has nothing left to refund.") % {"line": line.id}
        )
    raise QuoteRefused(
        Code.EXCEEDS_REFUNDABLE,
        _("Order line “%(line)s” has %(left)d units left to refund, not %(asked)d. Lower the quantity.")
        % {"line": line.id, "left": open_units, "asked": wished.quantity},
    )


def _check_names(wished: LineWish, line: SoldLine) -> None:
    spans = sorted(_existing(line, wished.units or ()))
    overlap = any(span[1] > following[0] for span, following in pairwise(spans))
    if overlap or sum(end - first for first, end in spans) != wished.quantity:
        raise QuoteRefused(
            Code.INVALID_AMOUNT,
            _("List as many different units of order line “%(line)s” as its quantity.") % {"line": line.id},
        )


def _existing(line: SoldLine, spans: Sequence[Span]) -> list[Span]:
    for first, end in spans:
        if not 1 <= first < end <= line.cost.quantity + 1:
            raise QuoteRefused(
                Code.UNKNOWN_LINE,
                _("Line “%(line)s” has units 1 to %(last)d, not %(unit)d.")
                % {"line": line.id, "last": line.cost.quantity, "unit": max(first, end - 1)},
            )
    return list(spans)


def _shipping_part(wished: ShippingWish, charge: SoldLine, units: Units, *, sale: Sale) -> Part:
    if wished.amount is None and not units.left and charge.cost.gross:
        raise QuoteRefused(
            Code.NOTHING_TO_REFUND, _("Shipping “%(id)s” has nothing left to refund.") % {"id": charge.id}
        )
    refunded = units.take([(1, 2)], _amount(wished.amount, units.left, sale.currency), used=True)
    return Part(
        kind=Kind.SHIPPING,
        net=refunded.gross - refunded.tax,
        tax=refunded.tax,
        gross=refunded.gross,
        worth=charge.cost.gross,
        shipping=charge.id,
        list_total=charge.cost.list_total,
        discount=charge.cost.discount,
        before=refunded.before,
        tax_included=sale.tax_included,
    )


def _amount(amount: Decimal | None, remaining: Decimal, currency: str) -> Decimal:
    """The requested amount, or all that is left."""
    if amount is None:
        return remaining
    if amount <= 0:
        raise QuoteRefused(Code.INVALID_AMOUNT, _("An amount to refund must be more than zero."))
    try:
        whole_coins(amount, currency)
    except ValueError as finer:
        raise QuoteRefused(
            Code.INVALID_AMOUNT,
            _("%(amount)s has more decimals than %(currency)s allows.") % {"amount": amount, "currency": currency},
        ) from finer
    if amount > remaining:
        raise QuoteRefused(
            Code.EXCEEDS_REFUNDABLE,
            _("%(amount)s is more than the %(left)s left to refund.") % {"amount": amount, "left": remaining},
        )
    return amount


def _rates(sale: Sale) -> dict[tuple[Kind, str], Decimal]:
    rates = {(Kind.GOODS, line.id): line.tax_rate for line in sale.lines}
    return rates | {(Kind.SHIPPING, charge.id): charge.tax_rate for charge in sale.shipping}


def _columns(parts: Sequence[Part]) -> Iterable[Iterable[Decimal]]:
    return [part.gross for part in parts], [part.tax for part in parts]


def _check_total(total: Decimal, *, sale: Sale, before: Decimal, is_free: bool) -> None:
    if total < 0:
        raise QuoteRefused(Code.INVALID_AMOUNT, _("The fees are more than the refund. Lower them."))
    if total == 0 and not is_free:
        raise QuoteRefused(
            Code.NOTHING_TO_REFUND, _("Nothing is left to refund. Choose lines or shipping that have something left.")
        )
    if before + total > sale.total:
        raise QuoteRefused(
            Code.EXCEEDS_REFUNDABLE,
            _("%(amount)s is more than the %(left)s left to refund on the order.")
            % {"amount": total, "left": max(sale.total - before, NOTHING)},
        )
