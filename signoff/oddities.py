"""What is odd about an order, in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from signoff.models import OrderAnomaly
from signoff.wording import listed, money

Kind = OrderAnomaly.Kind
PARTS: dict[str, str | Promise] = {
    "name": gettext_lazy("name"),
    "street": gettext_lazy("street"),
    "city": gettext_lazy("city"),
    "postcode": gettext_lazy("postcode"),
    "country": gettext_lazy("country"),
    "phone": gettext_lazy("telephone"),
}


def words_of(anomaly: OrderAnomaly, *, with_amounts: bool = True) -> str:
    """One sentence with what to do; without amounts for those who need not know them."""
    facts = anomaly.facts
    match anomaly.kind:
        case Kind.ADDRESS:
            missing = listed(PARTS.get(part, part) for part in facts.get("missing", []))
            return _("The address has no: %(parts)s. Ask the customer before it is sent.") % {"parts": missing}
        case Kind.ARTICLE:
            return _without_article(facts.get("lines", []))
    if not with_amounts:
        return anomaly.get_kind_display()
    amounts = {name: money(value, anomaly.order.currency) for name, value in facts.items()}
    if anomaly.kind == Kind.UNPAID:
        return _("%(paid)s of %(total)s is paid. Wait for the rest before it is sent.") % amounts
    if "stated" in amounts:
        return _("The file says %(stated)s, its lines come to %(total)s. Compare it with the shop.") % amounts
    return _("%(paid)s is paid and the order comes to %(total)s. Compare it with the shop.") % amounts


def _without_article(lines: list[Any]) -> str:
    return ngettext(
        "Line %(lines)s has no article number. Add it at the shop and import the order again.",
        "Lines %(lines)s have no article number. Add them at the shop and import the order again.",
        len(lines),
    ) % {"lines": listed(lines)}
