"""Outbound, return and replacement parcels in one model, with their tracking events."""

from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from signoff.db.search_text import Alphanumeric, alphanumeric
from signoff.db.tokens import public_token
from signoff.models.orders import Order, OrderLine


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def tracked(self, number: str) -> "ParcelQuerySet":
        """Parcels with this tracking number, however it is spaced or capitalised."""
        if not (plain := alphanumeric(number)):
            return self.none()
        return self.filter(Exact(Alphanumeric(models.F("tracking_number")), plain))


class Parcel(models.Model):
    """A parcel of an order. Days are calendar days of the shop's time zone."""

    class Direction(models.TextChoices):
        OUTBOUND = "outbound", _("to the shopper")
        RETURN = "return", _("return")
        REPLACEMENT = "replacement", _("shipment")

    order = models.ForeignKey(Order, models.PROTECT, related_name="parcels", verbose_name=_("order"))
    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    direction = models.CharField(_("direction"), max_length=12, choices=Direction)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    shipped_at = models.DateTimeField(pgettext_lazy("time", "sent"), null=True, blank=True)
    promised_on = models.DateField(_("promised by"), null=True, blank=True)
    delivered_at = models.DateTimeField(pgettext_lazy("time", "delivered"), null=True, blank=True)
    warehouse = models.CharField(_("warehouse"), max_length=80, blank=True, default="", db_default="")
    seller = models.CharField(_("seller"), max_length=80, blank=True, default="", db_default="")

    objects = ParcelQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        indexes = [
            models.Index(fields=["tracking_number"], name="parcel_tracking"),
            models.Index(Alphanumeric("tracking_number"), name="parcel_tracking_bare"),
            models.Index(fields=["-shipped_at", "-id"], name="parcel_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip() or self.get_direction_display()

    @property
    def is_label_voided(self) -> bool:
        """Whether the label was voided and the parcel never moved; one query unless the events are prefetched."""
        codes = {event.code for event in self.events.all()}
        return TrackingEvent.Code.VOIDED in codes and codes <= {
            TrackingEvent.Code.REGISTERED,
            TrackingEvent.Code.VOIDED,
        }


class ParcelLine(models.Model):
    """Units of an order line in a parcel; ``instead`` names what an exchange sends in their place."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="lines", verbose_name=_("parcel"))
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+", verbose_name=_("order line"))
    quantity = models.PositiveIntegerField(_("quantity"))
    instead = models.CharField(_("sent instead"), max_length=330, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parcel", "order_line"], name="one_parcel_line_per_order_line"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="parcel_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line_id}"

    @property
    def name(self) -> str:
        """What is in the parcel."""
        return self.instead or self.order_line.title or self.order_line.sku


class TrackingEvent(models.Model):
    """A carrier's event: our ``code`` and the carrier's ``description``."""

    class Code(models.TextChoices):
        REGISTERED = "registered", _("label made")
        VOIDED = "voided", _("label voided")
        IN_TRANSIT = "in_transit", _("on its way")
        OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
        READY_FOR_PICKUP = "ready_for_pickup", _("ready for pick-up")
        DELIVERED = "delivered", _("delivered")
        EXCEPTION = "exception", _("problem")
        RETURNED = "returned", _("returned to sender")

    class Harm(models.TextChoices):
        LOST = "lost", _("lost")
        DAMAGED = "damaged", _("damaged in transit")

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="events", verbose_name=_("parcel"))
    occurred_at = models.DateTimeField(_("when"))
    code = models.CharField(_("tracking event"), max_length=20, choices=Code)
    description = models.CharField(_("carrier's text"), max_length=250, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    harm = models.CharField(_("type of exception"), max_length=10, choices=Harm, blank=True, default="", db_default="")

    class Meta:
        ordering = ["parcel", "occurred_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "occurred_at", "code", "description"], name="tracking_event_told_once"
            )
        ]
        indexes = [models.Index(fields=["parcel"], condition=~models.Q(harm=""), name="tracking_harm")]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.occurred_at:%Y-%m-%d %H:%M}"
