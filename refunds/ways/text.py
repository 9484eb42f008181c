"""Ways of payment in words: what staff read, what the shopper reads, what finance has to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from refunds.models import Refund
from refunds.ways.rules import UNDECIDED, platform_of
from signoff.models import Payment

Gateway = Refund.Gateway


def payment_label(payment: Payment) -> str:
    """The payment as the shop calls it, with its reference."""
    name = payment.provider or str(payment.get_method_display())
    return f"{name} {payment.reference}" if payment.reference else name


def way_label(way: str, payment: Payment) -> str:
    """The way in words for staff."""
    name = provider_of(way, payment)
    match way:
        case Gateway.PLATFORM:
            return _("refunded on %(platform)s") % {"platform": name}
        case Gateway.PROVIDER:
            return _("refunded by hand at %(provider)s") % {"provider": name}
        case Gateway.MANUAL:
            return _("bank transfer to an account that the shopper names")
        case Gateway.STORE_CREDIT:
            return _("store credit")
        case x if x == UNDECIDED:
            return _("to be decided: it was paid in several ways")
    return way


def way_for_shopper(way: str, payment: Payment) -> str:
    """The way in words for the shopper, as they follow "20.00"."""
    match way:
        case Gateway.PLATFORM:
            return _("through %(platform)s") % {"platform": provider_of(way, payment)}
        case Gateway.STORE_CREDIT:
            return _("as store credit")
        case Gateway.MANUAL:
            return _("by bank transfer")
        case x if x == UNDECIDED:
            return _("the way you paid")
    return _("to %(payment)s, the way you paid") % {"payment": provider_of(way, payment)}


def method_for_mail(way: str, payment: Payment) -> str:
    """The way as a noun, for a mail: "goes back to you by …"."""
    match way:
        case Gateway.PLATFORM:
            return provider_of(way, payment)
        case Gateway.STORE_CREDIT:
            return pgettext("way of a refund", "store credit")
        case Gateway.MANUAL:
            return pgettext("way of a refund", "bank transfer")
    return pgettext("way of a refund", "the payment method you used")


def provider_of(way: str, payment: Payment) -> str:
    """The name of the marketplace or provider where the money lies."""
    if way == Gateway.PLATFORM:
        return platform_of(payment.order.source) or payment.order.source
    return payment.provider or str(payment.get_method_display())


def way_missing(payment: Payment) -> str:
    """The refusal of a plan that does not say how a payment goes back."""
    return _("Choose how the refund of “%(payment)s” is paid: it was paid in several ways.") % {
        "payment": payment_label(payment)
    }


@dataclass(frozen=True)
class WayHead:
    """The head of a card of finance's page: icon, name of the way, and who does what."""

    icon: str
    title: str
    lead: str


def head_of(way: str, payment: Payment) -> WayHead:
    """The head of the card for refunds that go back by ``way``, as to ``payment``."""
    name = provider_of(way, payment)
    match way:
        case Gateway.PLATFORM:
            lead = _("The money lies there: agree on %(platform)s, then record the outcome.") % {"platform": name}
            return WayHead("shopping-bag", name, lead)
        case Gateway.PROVIDER:
            lead = _("Refund it at %(provider)s, then enter the reference shown there.") % {"provider": name}
            return WayHead("credit-card", _("%(provider)s, by hand") % {"provider": name}, lead)
        case Gateway.MANUAL:
            lead = _("Transfer it to the account that the shopper named, then enter the bank's reference.")
            return WayHead("landmark", _("Bank transfer"), lead)
        case Gateway.STORE_CREDIT:
            return WayHead("gift", _("Store credit"), _("Credited at once."))
    return WayHead("credit-card", name, _("Sent automatically, oldest first."))
