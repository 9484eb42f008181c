"""Models of orders, parcels, tracking and sign-offs."""

from signoff.api.models import ApiToken, KeptAnswer, Scope
from signoff.models.anomalies import OrderAnomaly
from signoff.models.bulk import BulkItem, BulkRun
from signoff.models.customers import Customer, EntryCode
from signoff.models.delivery import DeliveryTerms, ExceptionKind, Watch
from signoff.models.exceptions import ParcelException
from signoff.models.imports import ImportFile, OrderImport, SavedMapping
from signoff.models.orders import Destination, Discount, Order, OrderLine, Payment, ShippingCharge
from signoff.models.parcels import Parcel, ParcelLine, TrackingEvent
from signoff.models.saved_views import SavedView
from signoff.models.scores import Failing, ScoreRule, ScoreSnapshot, Subject, Violation
from signoff.models.shop_refunds import ShopRefund
from signoff.models.shops import Shop
from signoff.models.signoffs import Discrepancy, Rating, SignOff, SignOffLine, SignOffNote, SignOffPhoto
from signoff.models.staff import StaffProfile, StaffSession, Team
from signoff.models.tracking import TrackingMessage
from signoff.models.webhooks import OutgoingWebhook
from signoff.web.models import Attempt, RefusedAttempts

__all__ = [
    "ApiToken",
    "Attempt",
    "BulkItem",
    "BulkRun",
    "Customer",
    "DeliveryTerms",
    "Destination",
    "Discount",
    "Discrepancy",
    "EntryCode",
    "ExceptionKind",
    "Failing",
    "ImportFile",
    "KeptAnswer",
    "Order",
    "OrderAnomaly",
    "OrderImport",
    "OrderLine",
    "OutgoingWebhook",
    "Parcel",
    "ParcelException",
    "ParcelLine",
    "Payment",
    "Rating",
    "RefusedAttempts",
    "SavedMapping",
    "SavedView",
    "Scope",
    "ScoreRule",
    "ScoreSnapshot",
    "ShippingCharge",
    "Shop",
    "ShopRefund",
    "SignOff",
    "SignOffLine",
    "SignOffNote",
    "SignOffPhoto",
    "StaffProfile",
    "StaffSession",
    "Subject",
    "Team",
    "TrackingEvent",
    "TrackingMessage",
    "Violation",
    "Watch",
]
