"""The variables of ``feedback.messages.template_language`` and their values for a parcel, in the active language."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.messages.facts import day_of, name_of, time_of
from signoff.models import Discrepancy, ExceptionKind, OrderLine, Parcel, ParcelException, SignOff, SignOffLine
from signoff.parcels.contents import contents_of
from signoff.signoffs.links import path_for
from signoff.web.formatting import NONE, legal_moment

ANSWER_WITHIN = timedelta(days=2)  # a shopper with a parcel exception hears from us within this time


def facts_of_delivery(parcel: Parcel, *, counts_from: datetime) -> dict[str, str]:
    """Facts about a delivered parcel, which is signed for automatically at ``counts_from``."""
    shop = parcel.order.shop
    days = {"day": day_of(parcel.delivered_at, shop), "due": time_of(counts_from, shop)}
    return {**_facts(parcel), **days, "link": settings.SITE_URL + path_for(parcel)}


def facts_of_exception(parcel: Parcel, exception: ParcelException, *, now: datetime) -> dict[str, str]:
    """Facts about an exception; the link of a damaged parcel leads to the sign-off, because it may still arrive."""
    shop = parcel.order.shop
    promised = parcel.promised_on if exception.kind == ExceptionKind.LATE else None
    day = date_format(promised, "DATE_FORMAT") if promised else day_of(exception.since, shop)
    page = path_for(parcel) if exception.kind == ExceptionKind.DAMAGED else _order_page(parcel)
    return {**_facts(parcel), "day": day, "due": day_of(now + ANSWER_WITHIN, shop), "link": settings.SITE_URL + page}


def facts_of_signature(parcel: Parcel, sign_off: SignOff) -> dict[str, str]:
    """Facts about a sign-off; the link leads to it, or to the order after a sign-off by the carrier or the timer."""
    unseen = sign_off.channel in (SignOff.Channel.CARRIER, SignOff.Channel.TIMER)
    page = _order_page(parcel) if unseen else path_for(parcel)
    return {
        **_facts(parcel),
        "day": day_of(sign_off.signed_at, parcel.order.shop),
        "receipt": _receipt(sign_off),
        "link": settings.SITE_URL + page,
    }


def _facts(parcel: Parcel) -> dict[str, str]:
    order = parcel.order
    return {
        "name": name_of(order.customer),
        "shop": order.shop.name,
        "order": _on_one_line(order.number),
        "reference": _on_one_line(f"{parcel.carrier} {parcel.tracking_number}") or NONE,
        "goods": _goods(parcel),
    }


def _order_page(parcel: Parcel) -> str:
    return reverse("signoff:order", args=[parcel.order.token])


def _goods(parcel: Parcel) -> str:
    goods = [
        _("%(counted)d × %(article)s") % {"counted": content.quantity, "article": _on_one_line(content.name)}
        for content in contents_of(parcel)
    ]
    return "\n".join(goods) or NONE


def _receipt(sign_off: SignOff) -> str:
    """The sign-off as text: the outcome, each line with its count and problems, and when it was."""
    outcome = sign_off.get_outcome_display()
    lines = sign_off.lines.select_related("order_line").prefetch_related("discrepancies")
    moment = legal_moment(sign_off.signed_at, sign_off.order.shop.time_zone)
    signed = _("Signed on %(moment)s") % {"moment": moment}
    return "\n".join([outcome[:1].upper() + outcome[1:], *map(_counted, lines), signed])


def _counted(line: SignOffLine) -> str:
    values = {"article": _article(line.order_line), "counted": line.counted, "expected": line.expected}
    if line.counted == line.expected:
        counted = _("%(counted)d × %(article)s") % values
    else:
        counted = _("%(counted)d of %(expected)d × %(article)s") % values
    wrong = ", ".join(map(_wrong, line.discrepancies.all()))
    return _("%(counted)s (%(wrong)s)") % {"counted": counted, "wrong": wrong} if wrong else counted


def _wrong(discrepancy: Discrepancy) -> str:
    values = {"quantity": discrepancy.quantity, "kind": discrepancy.get_kind_display()}
    return _("%(quantity)d × %(kind)s") % values


def _article(line: OrderLine) -> str:
    return _on_one_line(line.title or line.sku)


def _on_one_line(words: str) -> str:
    """Text of the shop on one line, because a line of its own could look like one of our links."""
    return " ".join(words.split())
