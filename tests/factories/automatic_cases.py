"""Cases that a sign-off or a lost parcel opened automatically."""

from django.contrib.auth.models import User
from django.utils import timezone

from returns.intake.automatic.from_carrier import open_from_exceptions
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.models import Case
from signoff.models import ExceptionKind, Order, ParcelException, SignOffPhoto
from signoff.pictures.clean import CleanPicture
from signoff.pictures.store import publish
from signoff.signoffs.actions import correct, sign
from signoff.signoffs.rules import DeliveryReport, LineCount


def open_damaged_case(order: Order, photo: CleanPicture, agent: User) -> Case:
    """Signed for with a photo and words; by telephone the shopper said later that it was less."""
    parcel = order.parcels.get()
    first, second = order.lines.all()
    publish(SignOffPhoto(parcel=parcel, order_line=first), photo)
    said = DeliveryReport(
        {first.pk: LineCount(2, {"damaged": 1}, "Shards."), second.pk: LineCount(0)}, "The box was wet."
    )
    signed = sign(parcel, said, channel="portal", said_by="buyer")
    open_from_sign_offs()
    less = DeliveryReport({first.pk: LineCount(3, {"damaged": 1})}, "The rest was in the cellar.")
    correct(signed, less, channel="phone", by=agent, said_by="household", name="Tom")
    open_from_sign_offs()
    return Case.objects.get(origin__sign_off=signed)


def open_lost_case(order: Order) -> Case:
    """The carrier has given the parcel up, and the shopper knows."""
    now = timezone.now()
    exception = ParcelException.objects.create(
        parcel=order.parcels.get(), kind=ExceptionKind.LOST, since=now, found_at=now, told_at=now
    )
    open_from_exceptions()
    return Case.objects.get(origin__exception=exception)
