"""Fifty people at one parcel at once: it is signed for once, corrected once, rated once, and nobody waits for ever."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from signoff.models import OutgoingWebhook, Parcel, Rating, SignOff, SignOffLine, SignOffPhoto, Watch
from signoff.pictures.clean import LIMIT
from signoff.signoffs.actions import AlreadyCorrected, AlreadySigned, correct, sign, sign_by_carrier
from signoff.signoffs.photos import attach
from signoff.signoffs.ratings import AlreadyRated, Stars, rate
from signoff.signoffs.rules import DeliveryReport
from signoff.signoffs.timer import sign_due
from tests.factories import OrderFactory, ParcelFactory, WatchFactory
from tests.factories.sample_shop import picture

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 50
LATE = (AlreadySigned, AlreadyCorrected, AlreadyRated)


def at_once(calls: Sequence[Callable[[], object]]) -> Counter[str]:
    """Let each have a connection of its own and all begin together; how each ended, by the name of it."""
    start = Barrier(len(calls))

    def run(action: Callable[[], object]) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '60s'")  # who wins is asked, not how long fifty wait on a slow machine
        start.wait()
        try:
            action()
        except LATE as late:
            return type(late).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(run, calls))


@pytest.fixture
def parcel() -> Parcel:
    return ParcelFactory(order=OrderFactory(lines=[(3, "20.00"), (1, "50.00")]))


def test_fifty_sign_for_one_parcel_and_one_signature_stands(parcel: Parcel) -> None:
    ways = [DeliveryReport(), DeliveryReport(words="Wet."), DeliveryReport(refused_for="damaged")]
    said = at_once([lambda way=ways[n % 3]: sign(parcel, way, channel="portal") for n in range(CROWD)])
    assert said == {"done": 1, "AlreadySigned": CROWD - 1}
    assert (SignOff.objects.count(), SignOffLine.objects.count(), OutgoingWebhook.objects.count()) == (1, 2, 2)


def test_shopper_carrier_and_timer_at_once_leave_one_signature_and_no_watch(parcel: Parcel) -> None:
    now = timezone.now()
    WatchFactory(parcel=parcel, sign_due_at=now, warned_at=now - timedelta(days=2), next_poll_at=None)
    sweeps, carriers = [lambda: sign_due(now)] * 15, [lambda: sign_by_carrier(parcel, at=now)] * 15
    said = at_once([*sweeps, *carriers, *[lambda: sign(parcel, DeliveryReport(), channel="portal")] * 20])
    assert said["done"] >= 30
    assert SignOff.objects.count() == 1
    assert not Watch.objects.exists()
    assert Parcel.history.filter(id=parcel.pk, delivered_at__isnull=False).count() == 1


def test_fifty_corrections_of_one_sign_off_and_one_stands(parcel: Parcel) -> None:
    first = sign(parcel, DeliveryReport(), channel="portal")
    said = at_once([lambda: correct(first, DeliveryReport(words="So."), channel="phone", by=None)] * CROWD)
    assert said == {"done": 1, "AlreadyCorrected": CROWD - 1}
    assert SignOff.objects.get(corrects=first).corrects == first
    assert SignOff.objects.count() == 2


def test_fifty_ratings_of_one_delivery_and_one_counts(parcel: Parcel) -> None:
    sign_off = sign(parcel, DeliveryReport(), channel="portal")
    said = at_once([lambda: rate(sign_off, {"shop": Stars(5), "carrier": Stars(1)})] * CROWD)
    assert said == {"done": 1, "AlreadyRated": CROWD - 1}
    assert sorted(Rating.objects.values_list("about", "stars")) == [("carrier", 1), ("shop", 5)]


def test_photos_that_arrive_while_somebody_signs_are_never_lost(parcel: Parcel) -> None:
    photo, lines = picture(), list(parcel.order.lines.all())
    uploads = [lambda line=line: attach(parcel, line=line, pictures=[photo]) for line in [None, *lines] * 5]
    at_once([*uploads, lambda: sign(parcel, DeliveryReport(words="Look."), channel="portal")])
    signed = SignOffPhoto.objects.filter(sign_off__isnull=False)
    waiting = SignOffPhoto.objects.waiting(parcel)
    assert set(signed.values_list("order_line", flat=True)) | set(waiting.values_list("order_line", flat=True)) == {
        None,
        *(line.pk for line in lines),
    }
    assert waiting.count() <= LIMIT
