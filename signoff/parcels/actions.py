"""Add a parcel to an order by hand, and correct one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.db.history import insert, save_with_history
from signoff.models import ExceptionKind, Order, OrderLine, Parcel, ParcelLine, SignOff, Watch
from signoff.parcels.exceptions import Settled
from signoff.parcels.numbers import normal_number
from signoff.parcels.queries import is_same_carrier
from signoff.parcels.terms import FIRST_POLL
from signoff.parcels.watch import watch

RIGHT = "signoff.change_parcel"


class ParcelRefused(Exception):
    """The entry contradicts the order. The message is a sentence for the form; ``field`` names the form field."""

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class ChangedMeanwhile(Exception):
    """The parcel was changed, by staff or by tracking, after the form was drawn."""


@dataclass(frozen=True)
class Sending:
    """Data of a parcel: shipment, and units by order line's key."""

    carrier: str
    tracking_number: str = ""
    promised_on: date | None = None
    shipped_at: datetime | None = None
    units: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def add_parcel(order: Order, sending: Sending, *, by: User, now: datetime | None = None) -> Parcel:
    """Add a parcel to the shopper and watch it. Raises ``ParcelRefused``, ``PermissionDenied``."""
    now = now or timezone.now()
    order = _begin(order, by)
    _check(order, sending, but=None)
    parcel = Parcel(order=order, direction=Parcel.Direction.OUTBOUND)
    _write(parcel, sending, by=by, now=now)
    watch(parcel, now=now)
    return parcel


@transaction.atomic
def change_parcel(parcel: Parcel, sending: Sending, *, by: User, seen: int, now: datetime | None = None) -> Parcel:
    """Correct a parcel without a sign-off; ``seen`` is the version (``version_of``) in the form.

    Raises ``ParcelRefused``, ``ChangedMeanwhile``, ``PermissionDenied``.
    """
    now = now or timezone.now()
    order = _begin(parcel.order, by)
    parcel = Parcel.objects.select_for_update(no_key=True).get(pk=parcel.pk)
    parcel.order = order
    if version_of(parcel) != seen:
        raise ChangedMeanwhile(_("The parcel has changed since you opened it. Check the latest version and try again."))
    if SignOff.objects.filter(parcel=parcel).exists():
        raise ParcelRefused(_("This parcel has been signed for and can't be changed. Correct the sign-off instead."))
    _check(order, sending, but=parcel)
    before = parcel.tracking_number, parcel.promised_on
    _write(parcel, sending, by=by, now=now)
    _update_watch(parcel, before, by=by, now=now)
    return parcel


def version_of(parcel: Parcel) -> int:
    """The newest history id, which grows with every change; 0 without history."""
    return parcel.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def _begin(order: Order, by: User) -> Order:
    """Parcels of one order are written one after the other, so that no unit is packed twice."""
    if not by.has_perm(RIGHT):
        raise PermissionDenied
    return Order.objects.select_for_update(of=["self"], no_key=True).select_related("shop").get(pk=order.pk)


def _check(order: Order, sending: Sending, *, but: Parcel | None) -> None:
    if sending.tracking_number:
        _check_number(order, sending, but)
    if sending.shipped_at and sending.shipped_at.date() < order.placed_at.date():
        raise ParcelRefused(_("That is before the order was placed. Enter the date it was sent."), field="sent_on")
    if but is None or but.direction == Parcel.Direction.OUTBOUND:
        _check_units(order, sending, but)


def _check_units(order: Order, sending: Sending, but: Parcel | None) -> None:
    """Each unit is in one outbound parcel only; replacements and returns are not counted."""
    other_lines = ParcelLine.objects.filter(parcel__order=order, parcel__direction=Parcel.Direction.OUTBOUND)
    other_lines = other_lines.exclude(parcel=but) if but else other_lines
    packed = dict(other_lines.values_list("order_line").annotate(units=Sum("quantity")).order_by())
    for line in OrderLine.objects.filter(order=order).order_by("position"):
        unsent = line.quantity - packed.get(line.pk, 0)
        if sending.units.get(line.pk, 0) > unsent:
            raise ParcelRefused(
                _("“%(title)s”: only %(left)d left to send; the rest are in other parcels. Enter fewer.")
                % {"title": line.title or line.sku, "left": max(unsent, 0)},
                field=f"units-{line.position}",
            )


def _check_number(order: Order, sending: Sending, but: Parcel | None) -> None:
    """A tracking number belongs to one parcel of an order, but two orders of a customer may share a parcel.

    Different carriers may use the same number, and one carrier may use it again for a later order.
    """
    same = Parcel.objects.tracked(normal_number(sending.tracking_number)).select_related("order")
    for other in same.exclude(pk=but.pk) if but else same:
        is_other_carrier = other.carrier and not is_same_carrier(other.carrier, sending.carrier)
        is_shared = other.order_id != order.pk and order.customer_id and other.order.customer_id == order.customer_id
        is_used_again = bool(other.delivered_at and other.delivered_at < order.placed_at)
        if is_other_carrier or is_shared or is_used_again:
            continue
        words = (
            _("This order already has a parcel with this number. Edit that one instead.")
            if other.order_id == order.pk
            else _("This tracking number belongs to a parcel of order %(number)s. Check the label.")
        )
        raise ParcelRefused(words % {"number": other.order.number}, field="tracking_number")


def _write(parcel: Parcel, sending: Sending, *, by: User, now: datetime) -> None:
    for name in ("carrier", "tracking_number", "promised_on", "shipped_at"):
        setattr(parcel, name, getattr(sending, name))
    save_with_history(parcel, by=by, now=now)
    parcel.lines.all().delete()
    packed = {key: units for key, units in sending.units.items() if units}
    insert(*(ParcelLine(parcel=parcel, order_line_id=key, quantity=units) for key, units in packed.items()))


def _update_watch(parcel: Parcel, before: tuple[str, date | None], *, by: User, now: datetime) -> None:
    """Poll a new tracking number from the start; a new promised day closes the exception that the parcel is late."""
    watch(parcel, now=now)
    if parcel.tracking_number != before[0] and parcel.delivered_at is None:
        Watch.objects.filter(parcel=parcel).update(next_poll_at=now + FIRST_POLL)
    if parcel.promised_on != before[1]:
        late_exceptions = parcel.exceptions.open().filter(kind=ExceptionKind.LATE)
        late_exceptions.update(settled_at=now, settled_as=Settled.ANSWERED, settled_by=by)
