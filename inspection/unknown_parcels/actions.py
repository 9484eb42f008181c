"""Record an unknown parcel, attach it to a case, read the code on a picture."""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import zxingcpp
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from inspection.models import Photo, UnknownParcel, UnknownParcelPhoto
from inspection.unknown_parcels.queries import lock_unknown
from returns.lifecycle.actions import check, require_permission
from returns.logbook.locks import lock_case
from returns.logbook.writer import note
from returns.models import Case
from returns.permissions import INSPECT
from signoff.db.history import insert, save_with_history
from signoff.models import Parcel
from signoff.parcels.numbers import normal_number
from signoff.pictures.clean import CleanPicture, clean
from signoff.pictures.store import publish_all, store_copy


class AlreadyAttached(Exception):
    """The parcel belongs to ``case`` already; the message is a sentence."""

    def __init__(self, case: Case) -> None:
        super().__init__(_("This parcel belongs to case %(number)s already.") % {"number": case.number})
        self.case = case

    def __reduce__(self) -> tuple[type["AlreadyAttached"], tuple[Case]]:
        return type(self), (self.case,)


@transaction.atomic
def record(
    *, by: User, token: str, pictures: Iterable[CleanPicture] = (), now: datetime | None = None, **facts: Any
) -> UnknownParcel:
    """Record a parcel with its photos. ``token`` comes from the form: sent twice, it is recorded once.

    ``facts`` are fields of ``UnknownParcel``. Raises ``PermissionDenied`` and ``StorageFull``.
    """
    require_permission(by, INSPECT)
    defaults = facts | {"arrived_at": now or timezone.now(), "recorded_by": by}
    unknown, is_new = UnknownParcel.objects.get_or_create(token=token, defaults=defaults)
    if is_new:
        publish_all(pictures, make=lambda: UnknownParcelPhoto(unknown_parcel=unknown))
    return unknown


@transaction.atomic
def attach(unknown: UnknownParcel, case: Case, *, by: User, now: datetime | None = None) -> Case:
    """Make the parcel the return parcel of ``case``, with copies of its photos; the bench then counts what is in it.

    A return parcel of the case with the same tracking number is taken instead of a new one. Raises
    ``AlreadyAttached``, and ``TransitionNotAllowed`` where the case does not wait for goods.
    """
    now = now or timezone.now()
    locked = lock_case(case)
    unknown = lock_unknown(unknown)
    if unknown.case is not None:
        raise AlreadyAttached(unknown.case)
    check(locked, Case.receive, by=by, seen=None)
    parcel = _announced(locked, unknown) or _new_parcel(locked, unknown, by=by, now=now)
    for photo in unknown.photos.exclude(file="").order_by("pk"):
        store_copy(Photo(case=locked, taken_by=unknown.recorded_by, uploaded_at=photo.uploaded_at), photo).save()
    unknown.case, unknown.parcel, unknown.attached_at, unknown.attached_by = locked, parcel, now, by
    unknown.save()
    note(locked, "parcel_attached", by=by, now=now, parcel=parcel.token)
    return locked


def _announced(case: Case, unknown: UnknownParcel) -> Parcel | None:
    """The return parcel that the shopper has told us of, if it is this one."""
    number = normal_number(unknown.tracking_number)
    announced = case.parcels.filter(direction=Parcel.Direction.RETURN)
    return announced.filter(pk__in=Parcel.objects.tracked(number).values("pk")).first() if number else None


def _new_parcel(case: Case, unknown: UnknownParcel, *, by: User, now: datetime) -> Parcel:
    parcel = Parcel(
        order_id=case.order_id,
        direction=Parcel.Direction.RETURN,
        carrier=unknown.carrier,
        tracking_number=unknown.tracking_number,
    )
    save_with_history(parcel, by=by, now=now)
    insert(Case.parcels.through(case=case, parcel=parcel))
    return parcel


def read_code(upload: UploadedFile) -> str:
    """The first bar code or QR code on a photo, "" without one. Raises ``PictureRefused``.

    Only the picture that the sandbox has drawn anew is decoded here.
    """
    with Image.open(io.BytesIO(clean(upload).picture), formats=["JPEG"]) as picture:
        found = zxingcpp.read_barcodes(picture)
    return next((code.text.strip() for code in found if code.text.strip()), "")
