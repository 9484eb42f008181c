"""Fees that are deducted from a refund.

A rate is of the gross it falls on, line by line, so that a tax rate of its own does not change the fee. A fixed amount
follows the order's prices: gross where they include tax, else net plus its tax. It is shared over the lines; with
a tax rate of its own it is one part without a line.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from refunds.money.inputs import Code, FeeWish, Kind, Part, QuoteRefused
from signoff.money import added_tax, included_tax, split, to_coin, whole_coins

type Rates = Mapping[tuple[Kind, str], Decimal]
type Amount = tuple[Decimal, Decimal]
"""Gross, and the tax in it."""


def fee_parts(
    fees: Sequence[FeeWish], parts: Sequence[Part], rates: Rates, *, currency: str, tax_included: bool
) -> list[Part]:
    """A negative part for every fee and every part it applies to: goods, or shipping if no goods are refunded."""
    bases = [part for part in parts if part.kind is Kind.GOODS] or list(parts)
    if fees and not bases:
        raise QuoteRefused(Code.NOTHING_TO_REFUND, _("A fee must apply to an order line or to shipping."))
    return [part for fee in fees for part in _parts_of(fee, bases, rates, currency, tax_included=tax_included)]


def _parts_of(
    fee: FeeWish, bases: Sequence[Part], rates: Rates, currency: str, *, tax_included: bool
) -> Iterator[Part]:
    _check(fee, currency)
    if fee.amount is not None and fee.tax_rate is not None:
        amount = _from_amount(fee.amount, fee.tax_rate, currency, tax_included=tax_included)
        return _part(fee, amount, sum((base.gross for base in bases), Decimal(0)), None)
    if fee.amount is not None:
        shares = split(fee.amount, [base.gross for base in bases], currency)
        amounts = [
            _from_amount(share, _tax_rate(fee, base, rates), currency, tax_included=tax_included)
            for base, share in zip(bases, shares, strict=True)
        ]
    else:
        amounts = [
            _from_gross(to_coin(base.gross * (fee.rate or Decimal(0)), currency), _tax_rate(fee, base, rates), currency)
            for base in bases
        ]
    return (part for base, amount in zip(bases, amounts, strict=True) for part in _part(fee, amount, base.gross, base))


def _tax_rate(fee: FeeWish, base: Part, rates: Rates) -> Decimal:
    """The fee's tax rate, else that of the line or charge it applies to."""
    return rates[base.kind, base.line or base.shipping or ""] if fee.tax_rate is None else fee.tax_rate


def _from_amount(amount: Decimal, rate: Decimal, currency: str, *, tax_included: bool) -> Amount:
    """An amount as the order's prices are: gross where these include tax, else net."""
    if tax_included:
        return _from_gross(amount, rate, currency)
    tax = added_tax(amount, rate, currency)
    return amount + tax, tax


def _from_gross(gross: Decimal, rate: Decimal, currency: str) -> Amount:
    return gross, included_tax(gross, rate, currency)


def _part(fee: FeeWish, amount: Amount, worth: Decimal, base: Part | None) -> Iterator[Part]:
    """The fee as a part; none if it is zero."""
    gross, tax = amount
    if gross:
        yield Part(
            kind=Kind.FEE,
            net=tax - gross,
            tax=-tax,
            gross=-gross,
            worth=worth,
            line=base.line if base else None,
            shipping=base.shipping if base else None,
            fee=fee.kind,
            rate=fee.rate,
        )


def _check(fee: FeeWish, currency: str) -> None:
    if (fee.rate is None) == (fee.amount is None):
        raise QuoteRefused(Code.INVALID_AMOUNT, _("Set either a rate or an amount for the fee."))
    if fee.rate is not None and not 0 <= fee.rate <= 1:
        raise QuoteRefused(Code.INVALID_AMOUNT, _("The rate of a fee must be between 0 and 1."))
    if fee.amount is not None and fee.amount < 0:
        raise QuoteRefused(Code.INVALID_AMOUNT, _("A fee cannot be negative."))
    try:
        whole_coins(fee.amount or Decimal(0), currency)
    except ValueError as finer:
        raise QuoteRefused(
            Code.INVALID_AMOUNT,
            _("%(amount)s has more decimals than %(currency)s allows.") % {"amount": fee.amount, "currency": currency},
        ) from finer
