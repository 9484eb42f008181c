from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import lucide
import pytest
from django.template import Context, Template
from django.utils import timezone

from feedback.models import Message
from refunds.models import Refund
from returns.models import Case
from signoff.templatetags import look
from signoff.web import icons
from signoff.web.tones import registered_tones, tone


def rendered(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_an_icon_is_inline_silent_and_takes_the_colour_of_the_text() -> None:
    svg = rendered('{% icon "inbox" 20 "big" %}')
    assert svg.startswith("<svg")
    for part in ('width="20"', 'class="icon big"', 'aria-hidden="true"', 'stroke="currentColor"'):
        assert part in svg
    assert "style=" not in svg


def test_an_icon_is_drawn_once() -> None:
    rendered('{% icon "truck" %}')
    before = icons.icon_svg.cache_info()
    rendered('{% icon "truck" %}{% icon "truck" %}')
    after = icons.icon_svg.cache_info()
    assert (after.hits - before.hits, after.misses) == (2, before.misses)


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(lucide.IconDoesNotExist):
        rendered('{% icon "no-such-thing" %}')


def test_money_is_a_filter_with_the_currency() -> None:
    assert rendered("{{ amount|money:currency }}", amount=Decimal("9.9"), currency="EUR") == "€9.90"


def test_a_promise_is_a_bar_with_words() -> None:
    now = timezone.now()
    html = rendered("{% promise due since %}", due=now + timedelta(days=3, hours=1), since=now - timedelta(days=1))
    assert "promise-ok" in html
    assert '<progress max="100" value="25"' in html
    assert "3 d left" in html


def test_without_a_deadline_there_is_no_bar() -> None:
    assert "<progress" not in rendered("{% promise None None %}")


def test_ago_carries_the_exact_moment_and_nothing_is_a_dash() -> None:
    html = look.ago(timezone.now() - timedelta(hours=2))
    assert html.startswith("<time datetime=")
    assert html.endswith(">2 hours ago</time>")
    assert look.ago(None) == "–"


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("Anna", "Anna"),
        (SimpleNamespace(name="Bo Ek"), "Bo Ek"),
        (SimpleNamespace(get_full_name=lambda: "Cy Fox"), "Cy Fox"),
        (None, ""),
    ],
)
def test_a_person_may_be_a_user_a_customer_or_a_word(person: object, name: str) -> None:
    assert look.person_name(person) == name


def test_the_same_person_has_the_same_colour() -> None:
    assert look.hue("Mei Sato") == look.hue(SimpleNamespace(name="Mei Sato"))
    assert {icons.hue(str(number)) for number in range(100)} == {1, 2, 3, 4, 5, 6}


def test_every_tone_has_its_colours_and_the_unknown_is_neutral() -> None:
    assert set(registered_tones().values()) == {"accent", "info", "warn", "ok", "danger", "neutral"}
    assert tone("never heard of") == "neutral"


def test_every_state_has_a_tone_of_its_own() -> None:
    states = {status.value for statuses in (Case.Status, Refund.Status, Message.Status) for status in statuses}
    assert states - registered_tones().keys() == set()


def test_a_name_cannot_break_out_of_an_avatar() -> None:
    html = rendered('{% include "components/avatar.html" with person=name only %}', name='"><script>x</script>')
    assert "<script" not in html


@pytest.mark.parametrize(
    ("values", "points"), [([], ""), ([1], ""), ([0, 1], "0.0,32.0 104.0,2.0"), ([5, 5], "0.0,32.0 104.0,32.0")]
)
def test_a_sparkline_needs_two_values(values: list[float], points: str) -> None:
    assert icons.sparkline(values) == points
