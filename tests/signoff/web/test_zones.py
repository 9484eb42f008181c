"""Moments are written and read in the zone of a shop, whatever zone the server has."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from signoff.models import Shop
from signoff.web.fields import ZonedDateTimeField
from signoff.web.formatting import day, exact, legal_moment, short_day

LATE = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)  # half past eleven at night in Berlin
BERLIN, SHANGHAI, LOS_ANGELES = "Europe/Berlin", "Asia/Shanghai", "America/Los_Angeles"


@pytest.mark.parametrize("server", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_moment_is_written_in_the_zone_that_is_named(server: str) -> None:
    with timezone.override(server):
        assert [day(LATE, zone) for zone in (BERLIN, SHANGHAI, LOS_ANGELES)] == [
            "30 November 2026",
            "1 December 2026",
            "30 November 2026",
        ]
        assert (short_day(LATE, SHANGHAI), exact(LATE, SHANGHAI)) == ("1 Dec", "1 December 2026, 06:30")


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("en", BERLIN, "30 November 2026, 23:30 (Central European Standard Time)"),
        ("zh-hans", SHANGHAI, "2026年12月1日 06:30（中国标准时间）"),
        ("zh-hant", LOS_ANGELES, "2026年11月30日 14:30（太平洋標準時間）"),
    ],
)
def test_a_legal_moment_names_its_zone(language: str, zone: str, words: str) -> None:
    with translation.override(language):
        assert legal_moment(LATE, zone) == words


@pytest.mark.parametrize("thing", ["shop", "case.order", "nothing case.order", "case.order shop"])
def test_a_block_is_written_in_the_zone_of_the_first_thing_with_a_shop(thing: str) -> None:
    block = '{% load look %}{% shoptime THING %}{{ at|date:"H:i" }}{% endshoptime %} {{ at|date:"H:i" }}'
    shop = Shop(time_zone=SHANGHAI)
    context = Context({"at": LATE, "shop": shop, "case": {"order": type("Order", (), {"shop": shop})}})
    assert Template(block.replace("THING", thing)).render(context) == "06:30 22:30"


def test_a_block_about_no_shop_keeps_the_zone_of_the_installation(settings: Any) -> None:
    settings.TIME_ZONE = BERLIN
    source = '{% load look %}{% shoptime shop case.shop %}{{ at|date:"H:i" }}{% endshoptime %}'
    assert Template(source).render(Context({"at": LATE, "case": None})) == "23:30"


def test_a_typed_time_is_read_in_the_zone_in_which_it_is_shown() -> None:
    field = ZonedDateTimeField()
    field.use_zone(SHANGHAI)
    with timezone.override("Pacific/Kiritimati"):
        shown = field.prepare_value(LATE)
        assert shown == datetime(2026, 12, 1, 6, 30)
        assert field.to_python(shown.isoformat()) == LATE
    assert field.help_text == "China Standard Time"
