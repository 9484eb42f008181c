from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from signoff.web import formatting

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NARROW = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("249", "EUR", "en", "€249.00"),
        ("-24.9", "EUR", "en", "−€24.90"),
        ("1234567.89", "GBP", "en", "£1,234,567.89"),
        ("1234", "JPY", "en", "¥1,234"),
        ("1.5", "KWD", "en", f"KWD{NARROW}1.500"),
        ("249", "CNY", "en", "CN¥249.00"),
        ("249", "CNY", "zh-hans", "¥249.00"),
        ("249", "JPY", "zh-hans", "JP¥249"),
        ("249", "TWD", "zh-hant", "$249.00"),
        ("249", "USD", "zh-hant", "US$249.00"),
        ("0.00", "EUR", "zh-hans", "€0.00"),
    ],
)
def test_an_amount_is_written_as_the_reader_does(amount: str, currency: str, language: str, expected: str) -> None:
    with override(language):
        assert formatting.money(Decimal(amount), currency) == expected


def test_nothing_below_zero_is_nothing() -> None:
    """Zero and minus zero are one to whatever keeps the words."""
    assert [formatting.money(Decimal(amount), "CHF") for amount in ("-0.00", "0.00")] == [f"CHF{NARROW}0.00"] * 2


@pytest.mark.parametrize(("language", "words"), [("en", "1, 2, and 3"), ("zh-hans", "1、2和3"), ("zh-hant", "1、2和3")])
def test_several_things_are_listed_as_the_language_does(language: str, words: str) -> None:
    with override(language):
        assert formatting.join_list([1, 2, 3]) == words
        assert (formatting.join_list([1]), formatting.join_list([])) == ("1", "")


def test_a_moment_is_told_again_in_the_zone_and_the_language_of_the_reader() -> None:
    told = set()
    for zone, language in (("UTC", "en"), ("Asia/Shanghai", "en"), ("Asia/Shanghai", "zh-hans"), ("UTC", "en")):
        with timezone.override(zone), override(language):
            told.add(formatting.exact(NOW))
    assert told == {"22 November 2026, 12:00", "22 November 2026, 20:00", "2026年11月22日 20:00"}


def test_an_amount_may_be_the_text_that_facts_keep() -> None:
    assert formatting.money("1234.5", "EUR") == "€1,234.50"


def test_no_amount_is_a_dash() -> None:
    assert formatting.money(None, "EUR") == "–"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=2), "3 d left"),
        (timedelta(hours=47, minutes=59), "47 h left"),
        (timedelta(minutes=90), "1 h left"),
        (timedelta(minutes=89), "89 min left"),
        (timedelta(0), "0 min left"),
        (timedelta(minutes=-1), "1 min overdue"),
        (timedelta(hours=-4), "4 h overdue"),
        (timedelta(days=-2), "2 d overdue"),
    ],
)
def test_a_promise_says_what_is_left_or_how_late_it_is(left: timedelta, words: str) -> None:
    with override("en"):
        assert formatting.promise(NOW + left, NOW - timedelta(days=1), now=NOW).words == words


@pytest.mark.parametrize(
    ("used", "left", "percent", "tone"),
    [(1, 3, 25, "ok"), (3, 1, 75, "warn"), (74, 26, 74, "ok"), (1, -1, 100, "danger"), (0, 0, 100, "warn")],
)
def test_a_promise_fills_up_and_turns_amber_then_red(used: int, left: int, percent: int, tone: str) -> None:
    promise = formatting.promise(NOW + timedelta(hours=left), NOW - timedelta(hours=used), now=NOW)
    assert (promise.percent, promise.tone) == (percent, tone)


def test_a_promise_that_has_not_begun_is_empty() -> None:
    assert formatting.promise(NOW + timedelta(hours=2), NOW + timedelta(hours=1), now=NOW).percent == 0


def test_without_a_due_time_no_clock_runs() -> None:
    with override("en"):
        assert formatting.promise(None, NOW, now=NOW) == formatting.Promise(0, "No deadline", "none")


@pytest.mark.parametrize(
    ("language", "passed", "words"),
    [
        ("en", timedelta(hours=3), "3 hours ago"),
        ("zh-hans", timedelta(hours=3), "3小时前"),
        ("zh-hant", timedelta(days=2), "2 天前"),
        ("en", timedelta(days=40), "13 Oct 2026"),
    ],
)
def test_recent_moments_are_told_by_distance_and_old_ones_by_date(language: str, passed: timedelta, words: str) -> None:
    with override(language):
        assert formatting.ago(NOW - passed, now=NOW) == words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mei Sato", "MS"),
        ("João da Silva Pereira", "JP"),
        ("anna", "AN"),
        ("王小明", "小明"),
        ("李雷", "李雷"),
        ("欧阳 娜娜", "娜娜"),
        ("anna.schmidt@example.org", "AO"),
        ("X", "X"),
        ("", "?"),
        ("  ", "?"),
    ],
)
def test_initials_follow_the_script_of_the_name(name: str, expected: str) -> None:
    assert formatting.initials(name) == expected
