"""Parcels that arrived weeks ago: signed for, a few of them with something wrong and the case that followed."""

from datetime import timedelta

from django.db import transaction

from config.demo import receiving
from config.demo.days import Desk
from config.demo.parcels import HARMED, send_past
from config.demo.playing import go_through
from config.demo.receiving import Deed, Delivery
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.models import Case
from signoff.db.required import required
from signoff.models import Order, SignOff

FAULTY = 4  # of a hundred
FAULTS = ("missing", "wrong_item", "missing", "defective")


def deliver(desk: Desk, order: Order) -> bool:
    """Send it, let it arrive and be signed for, put right what was wrong; whether nothing was."""
    signed = _sign(desk, order)
    if signed.outcome != SignOff.Outcome.PARTLY:
        return True
    began = signed.signed_at + timedelta(minutes=2)
    open_from_sign_offs(began)
    case = Case.objects.get(origin__sign_off=signed)
    go_through(desk.making, case, desk.put_right, desk.staff, began=began, ended=began + timedelta(days=5))
    return False


@transaction.atomic
def _sign(desk: Desk, order: Order) -> SignOff:
    rng = desk.rng
    parcel = send_past(desk.making, order)
    delivery = Delivery(parcel, desk.staff, rng, required(parcel.delivered_at) + timedelta(hours=rng.uniform(0.1, 20)))
    if rng.randrange(100) >= FAULTY:
        _taken_over(desk, delivery)
    else:
        receiving.find("damaged" if parcel.carrier in HARMED else rng.choice(FAULTS))(delivery)
    return parcel.sign_offs.get()


def _taken_over(desk: Desk, delivery: Delivery) -> None:
    """As shoppers do: most on the page, some not at all."""
    deeds: list[Deed] = [
        receiving.accept,
        receiving.leave_to_carrier,
        receiving.leave_to_time,
        receiving.tell_agent,
        receiving.remark,
    ]
    desk.rng.choices(deeds, (48, 20, 20, 5, 7))[0](delivery)
