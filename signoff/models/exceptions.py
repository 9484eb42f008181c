"""Parcel exceptions: late, silent, returned, damaged or lost parcels, queued for the desk."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils.translation import gettext_lazy as _

from signoff.models.delivery import ExceptionKind
from signoff.models.orders import Order
from signoff.models.parcels import Parcel

SETTLED = "settled"


class ParcelExceptionQuerySet(models.QuerySet["ParcelException"]):
    def open(self) -> "ParcelExceptionQuerySet":
        """Exceptions that are not settled."""
        return self.filter(settled_at=None)

    def tab(self, name: str) -> "ParcelExceptionQuerySet":
        """One of each parcel: the last ``SETTLED``, the open one of a kind, or the first open one."""
        if name == SETTLED:
            return self.filter(settled_at__isnull=False).last_of_each_parcel()
        return self.open().filter(kind=name) if name in ExceptionKind.values else self.open().first_of_each_parcel()

    def first_of_each_parcel(self) -> "ParcelExceptionQuerySet":
        """Of open ones: the one of each parcel that was found first."""
        return self._without("lt", self.model._default_manager.open())

    def last_of_each_parcel(self) -> "ParcelExceptionQuerySet":
        """Of settled ones: the one of each parcel that was found last."""
        return self._without("gt", self.model._default_manager.filter(settled_at__isnull=False))

    def _without(self, beyond: str, others: "ParcelExceptionQuerySet") -> "ParcelExceptionQuerySet":
        """Those whose parcel has none of ``others`` that was found before (``lt``) or after (``gt``) them."""
        found, key = models.OuterRef("found_at"), models.OuterRef("pk")
        is_beyond = models.Q(**{f"found_at__{beyond}": found}) | models.Q(found_at=found, **{f"pk__{beyond}": key})
        return self.filter(~models.Exists(others.filter(is_beyond, parcel=models.OuterRef("parcel"))))

    def with_other_kinds(self) -> "ParcelExceptionQuerySet":
        """Each with ``other_kinds``: of further exceptions of its parcel that are handled, or not, as it is."""
        same = self.model._default_manager.filter(parcel=models.OuterRef("parcel")).exclude(pk=models.OuterRef("pk"))
        kinds = same.order_by("found_at", "pk").values("kind")
        return self.annotate(
            other_kinds=models.Case(
                models.When(settled_at=None, then=ArraySubquery(kinds.filter(settled_at=None))),
                default=ArraySubquery(kinds.filter(settled_at__isnull=False)),
            )
        )

    def search(self, words: str) -> "ParcelExceptionQuerySet":
        """Exceptions of parcels with this tracking number or of the order with this number."""
        if not words:
            return self
        parcels, orders = Parcel.objects.tracked(words), Order.objects.numbered(words)
        return self.filter(models.Q(parcel__in=parcels) | models.Q(parcel__in=Parcel.objects.filter(order__in=orders)))

    def for_list(self) -> "ParcelExceptionQuerySet":
        """Joined with parcel, order, customer, shop and settler."""
        return self.select_related("parcel__order__customer", "parcel__order__shop", "settled_by")


class ParcelException(models.Model):
    """An exception of a parcel; settled by staff, or by the system (``settled_by`` empty) when it is over.

    ``since`` is when it began (end of the promised day, newest event, or the carrier's event). The shopper is notified
    first (``told_at``); only then a case may be opened.
    """

    class Settled(models.TextChoices):
        ARRIVED = "arrived", _("delivered after all")
        MOVED = "moved", _("tracking resumed")
        CASE = "case", _("case opened")
        ANSWERED = "answered", _("cleared up with carrier or shopper")
        MISTAKEN = "mistaken", _("false alarm")

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="exceptions", verbose_name=_("parcel"))
    kind = models.CharField(_("what's wrong"), max_length=10, choices=ExceptionKind)
    since = models.DateTimeField(_("since"))
    found_at = models.DateTimeField(_("found"))
    told_at = models.DateTimeField(_("shopper notified"), null=True, blank=True)
    settled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    settled_as = models.CharField(_("how it was handled"), max_length=10, choices=Settled, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    words = models.TextField(_("note"), blank=True)

    objects = ParcelExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel exception")
        verbose_name_plural = _("parcel exceptions")
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "kind"], condition=models.Q(settled_at=None), name="one_open_exception_per_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, settled_as="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(settled_as="")),
                name="settled_exception_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["-found_at", "-id"], name="exception_newest"),
            models.Index(fields=["kind", "found_at"], condition=models.Q(settled_at=None), name="exception_open"),
            models.Index(fields=["id"], condition=models.Q(told_at=None, settled_at=None), name="exception_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.parcel_id}"
