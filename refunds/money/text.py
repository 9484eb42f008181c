"""Explain a part of a quote in one sentence of the active language, from the part's values alone."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from refunds.money.inputs import Kind, Part


def why(part: Part) -> str:
    """The arithmetic of one part as a sentence."""
    facts = {
        "n": part.quantity or 1,
        "list": part.list_total,
        "discount": part.discount,
        "tax": abs(part.tax),
        "gross": abs(part.gross),
        "worth": part.worth,
        "before": part.before,
        "fee": part.fee,
        "percent": _percent(part.rate),
    }
    return _pattern(part) % facts


def _pattern(part: Part) -> str:
    if part.kind is Kind.FEE:
        return _fee(part)
    if not part.worth:
        return _free(part)
    if not part.gross:
        return _nothing(part)
    if part.before or part.gross != part.worth:
        return _piece(part)
    if part.kind is Kind.SHIPPING:
        return _shipping(part)
    return _goods(part)


def _goods(part: Part) -> str:
    n = part.quantity or 1
    if part.tax_included:
        return ngettext(
            "%(n)d unit: list price %(list)s − discount %(discount)s = %(gross)s, including %(tax)s tax.",
            "%(n)d units: list price %(list)s − discount %(discount)s = %(gross)s, including %(tax)s tax.",
            n,
        )
    return ngettext(
        "%(n)d unit: list price %(list)s − discount %(discount)s + tax %(tax)s = %(gross)s.",
        "%(n)d units: list price %(list)s − discount %(discount)s + tax %(tax)s = %(gross)s.",
        n,
    )


def _free(part: Part) -> str:
    if part.kind is Kind.SHIPPING:
        return _("Shipping was free: nothing was paid for it, so nothing is refunded.")
    return ngettext(
        "%(n)d unit was free: nothing was paid for it, so nothing is refunded.",
        "%(n)d units were free: nothing was paid for them, so nothing is refunded.",
        part.quantity or 1,
    )


def _nothing(part: Part) -> str:
    return _("Nothing of the %(worth)s paid is refunded, because nothing is left to refund.")


def _shipping(part: Part) -> str:
    if part.tax_included:
        return _("Shipping: %(list)s − discount %(discount)s = %(gross)s, including %(tax)s tax.")
    return _("Shipping: %(list)s − discount %(discount)s + tax %(tax)s = %(gross)s.")


def _piece(part: Part) -> str:
    if part.kind is Kind.SHIPPING:
        if part.before:
            return _(
                "Shipping: %(gross)s of the %(worth)s paid, including %(tax)s tax; %(before)s was refunded earlier."
            )
        return _("Shipping: %(gross)s of the %(worth)s paid, including %(tax)s tax.")
    n = part.quantity or 1
    if part.before:
        return ngettext(
            "%(gross)s of the %(worth)s paid for %(n)d unit, including %(tax)s tax; %(before)s was refunded earlier.",
            "%(gross)s of the %(worth)s paid for %(n)d units, including %(tax)s tax; %(before)s was refunded earlier.",
            n,
        )
    return ngettext(
        "%(gross)s of the %(worth)s paid for %(n)d unit, including %(tax)s tax.",
        "%(gross)s of the %(worth)s paid for %(n)d units, including %(tax)s tax.",
        n,
    )


def _fee(part: Part) -> str:
    if part.rate is None:
        return _("Fee “%(fee)s”: %(gross)s deducted, including %(tax)s tax.")
    return _("Fee “%(fee)s”: %(percent)s %% of %(worth)s = %(gross)s deducted, including %(tax)s tax.")


def _percent(rate: Decimal | None) -> str:
    return format(((rate or Decimal(0)) * 100).normalize(), "f")
