"""Goods handed over: the tables of the lowest floor."""

from signoff.models.customers import Customer, EntryCode, EntryTry
from signoff.models.orders import Discount, Order, OrderLine, Payment, ShippingCharge
from signoff.models.parcels import Parcel, ParcelLine, TrackingEvent
from signoff.models.shops import Shop
from signoff.models.signoffs import SignOff

__all__ = [
    "Customer",
    "Discount",
    "EntryCode",
    "EntryTry",
    "Order",
    "OrderLine",
    "Parcel",
    "ParcelLine",
    "Payment",
    "ShippingCharge",
    "Shop",
    "SignOff",
    "TrackingEvent",
]
