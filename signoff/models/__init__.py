"""Goods handed over: the tables of the lowest floor."""

from signoff.models.api import ApiToken, KeptAnswer, Scope
from signoff.models.customers import Customer, EntryCode, EntryTry
from signoff.models.orders import Discount, Order, OrderLine, Payment, ShippingCharge
from signoff.models.parcels import Parcel, ParcelLine, TrackingEvent
from signoff.models.shops import Shop
from signoff.models.signoffs import SignOff

__all__ = [
    "ApiToken",
    "Customer",
    "Discount",
    "EntryCode",
    "EntryTry",
    "KeptAnswer",
    "Order",
    "OrderLine",
    "Parcel",
    "ParcelLine",
    "Payment",
    "Scope",
    "ShippingCharge",
    "Shop",
    "SignOff",
    "TrackingEvent",
]
