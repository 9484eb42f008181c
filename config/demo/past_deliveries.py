"""Deliveries of past orders: sent, delivered and signed for; a few have a fault, and a case about it."""

from datetime import timedelta

from django.db import transaction

from config.demo import delivery_steps
from config.demo.cases import run_steps
from config.demo.delivery_steps import Delivery, DeliveryStep
from config.demo.parcels import DAMAGED_PERCENT, send_past_parcel
from config.demo.recent_days import Desk
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.models import Case
from signoff.db.required import required
from signoff.models import Order, SignOff

FAULT_PERCENT = 4
FAULTS = ("missing", "wrong_item", "missing", "defective")


def deliver_past_order(desk: Desk, order: Order) -> bool:
    """Send the order, deliver it and sign for it; returns whether nothing was wrong.

    After a fault the case that the sign-off opens is resolved.
    """
    sign_off = _sign(desk, order)
    if sign_off.outcome != SignOff.Outcome.PARTLY:
        return True
    began = sign_off.signed_at + timedelta(minutes=2)
    open_from_sign_offs(began)
    case = Case.objects.get(origin__sign_off=sign_off)
    run_steps(desk.context, case, desk.fault_steps, desk.staff, began=began, ended=began + timedelta(days=5))
    return False


@transaction.atomic
def _sign(desk: Desk, order: Order) -> SignOff:
    rng = desk.rng
    parcel = send_past_parcel(desk.context, order)
    delivery = Delivery(parcel, desk.staff, rng, required(parcel.delivered_at) + timedelta(hours=rng.uniform(0.1, 20)))
    if rng.randrange(100) >= FAULT_PERCENT:
        _sign_as_usual(desk, delivery)
    else:
        delivery_steps.report_fault("damaged" if parcel.carrier in DAMAGED_PERCENT else rng.choice(FAULTS))(delivery)
    return parcel.sign_offs.get()


def _sign_as_usual(desk: Desk, delivery: Delivery) -> None:
    """Sign in one of the usual ways: most shoppers do it on the page, some leave it to the carrier or the timer."""
    steps: list[DeliveryStep] = [
        delivery_steps.accept,
        delivery_steps.sign_by_carrier,
        delivery_steps.sign_by_timer,
        delivery_steps.sign_by_phone,
        delivery_steps.accept_with_remark,
    ]
    desk.rng.choices(steps, (48, 20, 20, 5, 7))[0](delivery)
