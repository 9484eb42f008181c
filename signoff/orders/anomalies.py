"""Texts of order anomalies, and settling them."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from signoff.models import Order, OrderAnomaly
from signoff.web.formatting import join_list, money

Kind = OrderAnomaly.Kind
PARTS: dict[str, str | Promise] = {
    "name": gettext_lazy("full name"),
    "street": gettext_lazy("street"),
    "city": gettext_lazy("city"),
    "postcode": gettext_lazy("postcode"),
    "country": gettext_lazy("country"),
    "phone": gettext_lazy("phone"),
}


NO_ARTICLES = gettext_lazy("No line of this order has a SKU. Add them in the shop and import the order again.")
#: by what is wrong with the e-mail address, and whether there is a telephone number
CONTACTS: dict[tuple[Any, bool], str | Promise] = {
    ("missing", False): gettext_lazy(
        "There is no e-mail address, so nobody can be written to. Add it in the shop and import the order again."
    ),
    ("missing", True): gettext_lazy(
        "There is no e-mail address, so nobody can be written to. Call the customer, or add it in the shop and import "
        "the order again."
    ),
    ("unusable", False): gettext_lazy(
        "The e-mail address can't be used, so nobody can be written to. Correct it in the shop and import the order "
        "again."
    ),
    ("unusable", True): gettext_lazy(
        "The e-mail address can't be used, so nobody can be written to. Call the customer, or correct it in the shop "
        "and import the order again."
    ),
}


def anomaly_text(anomaly: OrderAnomaly, *, with_amounts: bool = True) -> str:
    """A sentence that says what to do; without amounts for users who may not see them."""
    facts = anomaly.facts
    match anomaly.kind:
        case Kind.ADDRESS:
            missing = join_list(PARTS.get(part, part) for part in facts.get("missing", []))
            return _("The address is missing: %(parts)s. Ask the customer before you send it.") % {"parts": missing}
        case Kind.ARTICLE:
            return _without_article(facts.get("lines", [])) if not facts.get("all") else str(NO_ARTICLES)
        case Kind.CONTACT:
            return str(CONTACTS[facts.get("email", "missing"), facts.get("phone", False)])
        case Kind.EMAIL:
            return _(
                "The file has more than an address where the e-mail belongs. The first address was taken; check that "
                "it is the customer's."
            )
    if not with_amounts:
        return anomaly.get_kind_display()
    amounts = {name: money(value, anomaly.order.currency) for name, value in facts.items()}
    if anomaly.kind == Kind.REFUNDED:
        return _refunded_at_the_shop(facts, amounts)
    if anomaly.kind == Kind.OVERPAID:
        return (
            _("%(excess)s more than was paid has gone back: once here and once at the shop. Ask for it back.") % amounts
        )
    if anomaly.kind == Kind.UNPAID:
        return _("Only %(paid)s of %(total)s has been paid. Wait for the rest before you send it.") % amounts
    if "stated" in amounts:
        return _("The file says %(stated)s, but the lines add up to %(total)s. Check with the shop's system.") % amounts
    return _("%(paid)s has been paid, but the order comes to %(total)s. Check with the shop's system.") % amounts


def _refunded_at_the_shop(facts: dict[str, Any], amounts: dict[str, str]) -> str:
    if "unclear" in facts:
        return (
            _(
                "The shop reports %(unclear)s as refunded. That may be a refund made here. Say on the refunds page "
                "whether it is the same money; until then nothing more is paid."
            )
            % amounts
        )
    return (
        _("The shop has refunded %(reported)s itself. Open plans and payments were stopped. Check the case.") % amounts
    )


def raise_anomaly(order: Order, kind: str, facts: dict[str, str], *, now: datetime) -> None:
    """Put an anomaly on the desk's list, also where one of this kind was handled before."""
    OrderAnomaly.objects.update_or_create(
        order=order,
        kind=kind,
        defaults={"facts": facts, "found_at": now, "settled_at": None, "settled_by": None, "words": ""},
    )


def settle_unasked(order: Order, kind: str, *, now: datetime) -> None:
    """Take an anomaly off the list, because it is over."""
    OrderAnomaly.objects.filter(order=order, kind=kind, settled_at=None).update(settled_at=now)


def _without_article(lines: list[Any]) -> str:
    return ngettext(
        "Line %(lines)s has no SKU. Add it in the shop and import the order again.",
        "Lines %(lines)s have no SKU. Add them in the shop and import the order again.",
        len(lines),
    ) % {"lines": join_list(lines)}


class AlreadySettled(Exception):
    """The anomaly was settled before. The message is a sentence for the page."""


@transaction.atomic
def settle_anomaly(anomaly: OrderAnomaly, *, by: User, words: str, now: datetime | None = None) -> OrderAnomaly:
    """Settle an anomaly with a note. Raises ``AlreadySettled``."""
    anomaly = OrderAnomaly.objects.select_for_update().get(pk=anomaly.pk)
    if anomaly.settled_at:
        raise AlreadySettled(_("A colleague has already handled this."))
    anomaly.settled_at, anomaly.settled_by, anomaly.words = now or timezone.now(), by, words
    anomaly.save()
    return anomaly
