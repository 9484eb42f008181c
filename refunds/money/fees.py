"""Fees that are deducted from a refund, computed on gross amounts.

A rate is applied to each line by itself, so that a tax rate of its own does not change the fee. A fixed amount is
shared over the lines; with a tax rate of its own it is one part without a line.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from refunds.money.inputs import Code, FeeWish, Kind, Part, QuoteRefused
from signoff.money import included_tax, split, to_coin, whole_coins

type Rates = Mapping[tuple[Kind, str], Decimal]


def fee_parts(fees: Sequence[FeeWish], parts: Sequence[Part], rates: Rates, *, currency: str) -> list[Part]:
    """A negative part for every fee and every part it applies to: goods, or shipping if no goods are refunded."""
    bases = [part for part in parts if part.kind is Kind.GOODS] or list(parts)
    if fees and not bases:
        raise QuoteRefused(Code.NOTHING_TO_REFUND, _("A fee must apply to an order line or to shipping."))
    return [part for fee in fees for part in _parts_of(fee, bases, rates, currency)]


def _parts_of(fee: FeeWish, bases: Sequence[Part], rates: Rates, currency: str) -> list[Part]:
    _check(fee, currency)
    if fee.amount is not None and fee.tax_rate is not None:
        return _part(fee, fee.amount, sum((base.gross for base in bases), Decimal(0)), fee.tax_rate, None, currency)
    if fee.amount is not None:
        shares = split(fee.amount, [base.gross for base in bases], currency)
    else:
        shares = [to_coin(base.gross * (fee.rate or Decimal(0)), currency) for base in bases]
    return [
        part
        for base, share in zip(bases, shares, strict=True)
        for part in _part(fee, share, base.gross, _tax_rate(fee, base, rates), base, currency)
    ]


def _tax_rate(fee: FeeWish, base: Part, rates: Rates) -> Decimal:
    """The fee's tax rate, else that of the line or charge it applies to."""
    return rates[base.kind, base.line or base.shipping or ""] if fee.tax_rate is None else fee.tax_rate


def _part(
    fee: FeeWish, gross: Decimal, worth: Decimal, tax_rate: Decimal, base: Part | None, currency: str
) -> list[Part]:
    """The fee as a part; None if it is zero."""
    if not gross:
        return []
    tax = included_tax(gross, tax_rate, currency)
    return [
        Part(
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
    ]


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
