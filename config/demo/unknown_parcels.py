"""Parcels of the demo that came to the bench and name no case: one whose sender is known, one that is a riddle."""

import random
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.drawings import photo
from config.demo.texts import Translations, text_in
from inspection.models import UnknownParcel
from inspection.unknown_parcels.actions import record
from returns.models import Case
from signoff.db.required import required
from signoff.db.tokens import public_token
from signoff.pictures.clean import CleanPicture, clean

KNOWN: Translations = (
    "No return slip inside. The name on the label is hard to read.",
    "里面没有退货单，面单上的名字看不太清。",
    "裡面沒有退貨單，標籤上的名字看不太清楚。",
)
RIDDLE = {
    "sender": "林先生",
    "carrier": "归途快运",
    "tracking_number": "GT7702418853",
    "weight": 640,
    "remarks": "包裹里是一只浅色茶杯，没有退货单，也没有订单号。",
}


def leave_parcels(inspector: User, *, today: datetime, seed: int) -> list[UnknownParcel]:
    """Record both with a photo of the box; the first fits a case that waits for its goods, if there is one."""
    parcels = []
    expected = Case.objects.filter(status=Case.Status.AUTHORISED, customer__isnull=False).select_related("customer")
    if case := expected.order_by("pk").first():
        customer = required(case.customer)
        facts = {
            "sender": customer.name,
            "phone": customer.phone[-4:],
            "weight": 1180,
            "remarks": text_in(KNOWN, customer.language),
        }
        parcels.append(_record(inspector, facts, now=today - timedelta(hours=26), seed=seed))
    return [*parcels, _record(inspector, RIDDLE, now=today - timedelta(hours=4), seed=seed + 1)]


def _record(inspector: User, facts: dict[str, object], *, now: datetime, seed: int) -> UnknownParcel:
    return record(by=inspector, token=public_token(), pictures=[_box(seed)], now=now, **facts)


def _box(seed: int) -> CleanPicture:
    """A photo of the box as it lies on the bench."""
    taken = photo("box", damage="none", rng=random.Random(seed))
    return clean(SimpleUploadedFile("IMG.jpg", taken, "image/jpeg"))
