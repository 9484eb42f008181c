"""The way by which money goes back, payment by payment. Pure: works on payments whose order is joined."""

from refunds.models import Refund, Resolution
from signoff.imports.orders.rows import names_of_methods, payment_method
from signoff.models import Payment

Gateway = Refund.Gateway

#: the way is not known: a person decides
UNDECIDED = ""
#: source of an order → the marketplace that holds its money and refunds it
PLATFORMS = {
    "taobao": "淘宝",
    "tmall": "天猫",
    "jd": "京东",
    "douyin": "抖音",
    "pinduoduo": "拼多多",
    "weixin": "微信小店",
    "wechat-shop": "微信小店",
    "amazon": "Amazon",
    "ebay": "eBay",
    "etsy": "Etsy",
    "olist": "Olist",
}
#: paid to the courier or at the counter: no provider can refund it
CASH = ("cash", "cod", "货到付款", "貨到付款", "现金", "現金", "nachnahme")
BY_METHOD = {
    Payment.Method.STORE_CREDIT: Gateway.STORE_CREDIT,
    Payment.Method.BANK: Gateway.MANUAL,
    Payment.Method.CARD: Gateway.PROVIDER,
    Payment.Method.WALLET: Gateway.PROVIDER,
}


_OWN_GATEWAYS: set[str] = set()


def platform_of(source: str) -> str:
    """The marketplace that an order of this source was placed on; "" for the shop itself."""
    names = (name for key, name in PLATFORMS.items() if source == key or source.startswith(f"{key}-"))
    return next(names, "")


def way_of(payment: Payment) -> str:
    """The way by which a refund goes back to ``payment``, a ``Refund.Gateway``; ``UNDECIDED`` where a person decides.

    A marketplace refunds its own orders; else the shop's own gateway where it is configured; else as it was paid.
    """
    if platform_of(payment.order.source):
        return Gateway.PLATFORM
    if own := _own_gateway(payment):
        return own
    ways = {_way_of_name(name, payment) for name in names_of_methods(payment.provider)} or {_way_of_method(payment)}
    return ways.pop() if len(ways) == 1 else UNDECIDED


def way_for(plan: Resolution, payment: Payment) -> str:
    """The way that ``plan`` takes for ``payment``: what a person chose for it or for the plan, else ``way_of``."""
    return plan.ways.get(str(payment.pk)) or plan.gateway or way_of(payment)


def register_own_gateway(name: str) -> None:
    """Let payments whose provider has this name go back through the shop's own gateway."""
    _OWN_GATEWAYS.add(name)


def _own_gateway(payment: Payment) -> str:
    """The shop's own gateway that is called as the payment's provider is."""
    name = payment.provider.casefold()
    return name if name in _OWN_GATEWAYS else ""


def _way_of_name(name: str, payment: Payment) -> str:
    lowered = name.casefold()
    if any(word in lowered for word in CASH):
        return Gateway.MANUAL
    method = payment_method(name)
    if method == Payment.Method.OTHER:
        return Gateway.PROVIDER
    return _with_customer(BY_METHOD[method], payment)


def _way_of_method(payment: Payment) -> str:
    return _with_customer(BY_METHOD.get(Payment.Method(payment.method), Gateway.MANUAL), payment)


def _with_customer(way: str, payment: Payment) -> str:
    """Store credit needs a customer to give it to."""
    return Gateway.MANUAL if way == Gateway.STORE_CREDIT and payment.order.customer_id is None else way
