"""What this app adds to its own registries. Run once, when the app is ready."""

from django.contrib.auth.models import User

from signoff.db.roles import register_kept_rows
from signoff.imports.jobs.listing import IMPORTS
from signoff.models import (
    Customer,
    ExceptionKind,
    Order,
    Parcel,
    ParcelException,
    Rating,
    SignOff,
    SignOffNote,
    StaffProfile,
    Team,
    TrackingEvent,
    Violation,
)
from signoff.orders.listing import ANOMALIES, ORDERS
from signoff.parcels.listing import EXCEPTIONS
from signoff.scorecards.listing import VIOLATIONS
from signoff.web.desk_lists import register_list
from signoff.web.tones import register_tone

Outcome = SignOff.Outcome


def register() -> None:
    # erasing a person's data empties columns; pictures are the only rows of theirs that go
    register_kept_rows(
        User,
        Customer,
        Order,
        Parcel,
        ParcelException,
        Rating,
        SignOffNote,
        StaffProfile,
        Team,
        TrackingEvent,
        Violation,
    )
    for desk_list in (ORDERS, ANOMALIES, EXCEPTIONS, IMPORTS, VIOLATIONS):
        register_list(desk_list)
    _register_tones_of_messages()
    register_tone(Outcome.ACCEPTED, "ok")
    register_tone(Outcome.WITH_REMARKS, "info")
    register_tone(Outcome.PARTLY, "warn")
    register_tone(Outcome.REFUSED, "danger")
    register_tone(ExceptionKind.LATE, "warn")
    register_tone(ExceptionKind.SILENT, "warn")
    register_tone(ExceptionKind.RETURNED, "danger")
    register_tone(ExceptionKind.DAMAGED, "danger")
    register_tone(ExceptionKind.LOST, "danger")


def _register_tones_of_messages() -> None:
    """Tones of flash messages, by the names of Django's message levels."""
    register_tone("debug", "neutral")
    register_tone("info", "info")
    register_tone("success", "ok")
    register_tone("warning", "warn")
    register_tone("error", "danger")
