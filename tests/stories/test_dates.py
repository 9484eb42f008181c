"""Every page, mail and slip of a shop says the same day and time for the same moment: in the shop's own zone."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db.models import DateField, DateTimeField, F
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from feedback.models import ReadMark, Thread
from returns.intake.estimate_dates import estimate_dates
from returns.models import Case
from signoff.lookup.session import KEY
from signoff.models import Order, OrderAnomaly, ParcelException
from signoff.web.formatting import exact
from tests.factories import ShopFactory
from tests.factories.sample_shop import SampleShop, build_sample_shop
from tests.steps.inspection_pages import text_of
from tests.stories.page_urls import BENCH, DESK, MONEY, SHOPPER, Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ZONES = ["Asia/Shanghai", pytest.param("Europe/Berlin", marks=pytest.mark.long), "America/Los_Angeles"]
#: of the server, a day ahead of and a day behind every shop
SERVERS = ["Pacific/Kiritimati", "Pacific/Pago_Pago"]
VISITS = [*SHOPPER, *DESK, *BENCH, *MONEY]
ATTRIBUTE = re.compile(r'\bdatetime="[^"]*"')
TAG_BUT_ITS_TITLE = re.compile(r'<[^>]*?(?:\btitle="([^"]*)"[^>]*)?>')
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = re.compile(rf"\b(\d{{1,2}}) ({MONTHS}|(?:{'|'.join(name[:3] for name in MONTHS.split('|'))}))\b")
HOUR = "23:30"
FILES = "signoff:import"  # their pages show times of invented files
#: when a colleague was called, notified or given an unknown parcel: no shop's matter, so in the reader's zone
READERS = ("returns:desk-request ", "feedback:notification-list", "inspection:bench", "inspection:unknown ")
TIME = re.compile(r"\b\d\d:\d\d\b")


@dataclass
class Place:
    """A shop in ``zone``, in which all moments are half past eleven at night."""

    zone: str
    world: SampleShop

    @property
    def days(self) -> set[tuple[str, str]]:
        """Every day that a row of the database or an estimate is about, as the shop's calendar has it."""
        estimates = [estimate_dates(timezone.now(), goods_come_back=back).refund_by for back in (True, False)]
        dates = self._dates() | {estimate.astimezone(ZoneInfo(self.zone)) for estimate in estimates}
        return {DAY.search(date_format(day, pattern)).groups() for day in dates for pattern in ("j F", "j M")}

    def _dates(self) -> set[datetime]:
        zone = ZoneInfo(self.zone)
        return {
            value.astimezone(zone) if isinstance(field, DateTimeField) else value
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, DateField)
            for value in model._base_manager.order_by().values_list(field.attname, flat=True)
            if value
        }


@pytest.fixture(params=ZONES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    zone = ZoneInfo(request.param)
    late = datetime.now(zone).replace(hour=23, minute=30, second=0, microsecond=0) - timedelta(days=1)
    with time_machine.travel(late, tick=False):
        ShopFactory(time_zone=request.param)
        world = build_sample_shop()
        Order.objects.update(placed_at=late - timedelta(days=20))
        ParcelException.objects.update(since=late - timedelta(days=5))
        OrderAnomaly.objects.update(found_at=late)
        read_all_messages(world)
        yield Place(request.param, world)


def read_all_messages(world: SampleShop) -> None:
    """Nothing is marked as new, which only the first page would show."""
    Thread.objects.update(shopper_seen=F("seq"))
    ReadMark.objects.all().delete()
    marks = [
        ReadMark(thread=thread, user=user, seq=thread.seq)
        for thread in Thread.objects.all()
        for user in world.staff.values()
    ]
    ReadMark.objects.bulk_create(marks)


def test_every_date_is_the_shops_wherever_the_server_is(place: Place, settings: Any) -> None:
    seen: list[dict[str, str]] = []
    for server in SERVERS:
        settings.TIME_ZONE = server
        seen.append(pages(place.world) | slips(place.world) | mails())
    assert faults(*seen, days=place.days) == []
    assert sum(map(len, map(TIME.findall, seen[0].values()))) > 200  # the reader of dates does read them


def faults(here: dict[str, str], there: dict[str, str], *, days: set[tuple[str, str]]) -> list[str]:
    """What is not as it should be: texts that differ between servers, other times than the hour, other days."""
    differ = [f"{name} goes by the server" for name, text in here.items() if text != there[name]]
    shops = {name: text for name, text in here.items() if not name.startswith(READERS)}
    times = {name: set(TIME.findall(text)) - {HOUR} for name, text in shops.items() if not name.startswith(FILES)}
    others = {name: set(DAY.findall(text)) - days for name, text in shops.items()}
    return differ + [f"{name}: {found}" for wrong in (times, others) for name, found in wrong.items() if found]


@pytest.mark.parametrize(("written", "found"), [("in the shop's zone", 0), ("in the server's zone", 3), ("in UTC", 1)])
def test_a_page_that_writes_dates_in_another_zone_is_found(written: str, found: int) -> None:
    """The control: the same checks on a page that has no zone, or always the same."""
    at = datetime(2026, 11, 30, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    zone = {"in the shop's zone": "Asia/Shanghai", "in the server's zone": "", "in UTC": "UTC"}[written]
    seen = []
    for server in SERVERS:
        with timezone.override(server):
            seen.append({"page": exact(at, zone)})
    assert len(faults(*seen, days={("30", "November")})) == found


def pages(world: SampleShop) -> dict[str, str]:
    clients = {who: client_of(who, world) for who in {visit.who for visit in VISITS}}
    return {f"{visit} ({at})": visible(open_page(clients, visit, world)) for at, visit in enumerate(VISITS)}


def open_page(clients: dict[str, Client], visit: Visit, world: SampleShop) -> HttpResponse:
    response = clients[visit.who].get(visit.path(world), follow=True)
    assert response.status_code == visit.status, str(visit)
    return response


def client_of(who: str, world: SampleShop) -> Client:
    client = Client()
    if who == "shopper":
        session = client.session
        until = (timezone.now() + timedelta(hours=1)).isoformat()
        session[KEY] = {str(pk): until for pk in Order.objects.values_list("pk", flat=True)}
        session.save()
    elif who != "nobody":
        client.force_login(world.staff[who])
    return client


def visible(response: HttpResponse) -> str:
    """What a person reads: text and titles, the part that JavaScript and machines read left out."""
    body = response.content.decode().partition("<main")[2]
    body = re.sub(r"<(script|style|template)\b.*?</\1>|<!--.*?-->", " ", body, flags=re.DOTALL)
    text = TAG_BUT_ITS_TITLE.sub(lambda tag: f" {tag[1] or ''} ", ATTRIBUTE.sub("", body))
    return " ".join(html.unescape(text).split())


def slips(world: SampleShop) -> dict[str, str]:
    shopper = client_of("shopper", world)
    return {
        f"slip {status}": text_of(shopper.get(reverse("returns:slip", args=[world.number(status)])).content)
        for status in (Case.Status.AUTHORISED, Case.Status.IN_TRANSIT)
    }


def mails() -> dict[str, str]:
    assert mail.outbox
    return {f"mail {at} {letter.subject}": letter.body for at, letter in enumerate(mail.outbox)}
