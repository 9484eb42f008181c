"""Each topic about parcels in each language, filled in completely."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from feedback.messages.facts import facts_of
from feedback.messages.render_mail import blocks_of, html_of
from feedback.messages.template_language import VARIABLES
from feedback.models import Message
from feedback.parcel_notices.actions import notify_deliveries
from feedback.parcel_notices.facts import facts_of_delivery, facts_of_signature
from signoff.signoffs.links import parcel_of
from tests.factories import case_messages
from tests.factories.parcel_messages import PARCEL_TOPICS, make_delivered_watch, make_parcel, make_topic_message

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TO_THE_SIGN_OFF = ("parcel_delivered", "sign_off_due", "parcel_signed", "delivery_damaged")


def link_in(text: str) -> str:
    (link,) = [line for line in text.splitlines() if line.startswith(settings.SITE_URL + "/")]
    return link


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", PARCEL_TOPICS)
def test_a_message_is_filled_in_completely(topic: str, language: str) -> None:
    message = make_topic_message(topic, language=language)
    assert message.language == language
    assert message.to == message.customer.email
    assert message.parcel.order.number in message.subject
    assert not re.search(r"[{}]|None|  |–", message.subject + message.text)
    assert message.text.startswith("Hello Anna Schmidt," if language == "en" else "Anna Schmidt，您好：\n")
    assert message.text.endswith("\n\nLantern & Loom")
    assert "Paper lantern, large" in message.text


@pytest.mark.parametrize("topic", PARCEL_TOPICS)
def test_it_leads_to_where_one_signs_or_to_the_order(topic: str) -> None:
    message = make_topic_message(topic)
    path = urlsplit(link_in(message.text)).path
    if topic in TO_THE_SIGN_OFF:
        assert path.startswith("/sign/")
        assert parcel_of(path.split("/")[2]) == message.parcel
    else:
        assert path == f"/orders/{message.parcel.order.token}/"
    assert message.parcel.order.customer.email not in html_of(message)


@pytest.mark.parametrize("topic", ["delivery_late", "delivery_lost", "parcel_delivered", "signed_by_carrier"])
def test_carrier_and_number_are_named(topic: str) -> None:
    message = make_topic_message(topic, carrier="顺丰速运", tracking_number="SF1234567890")
    assert "顺丰速运 SF1234567890" in message.text


def test_days_are_those_of_the_shop() -> None:
    watch = make_delivered_watch()
    shop = watch.parcel.order.shop
    shop.time_zone = "Pacific/Kiritimati"
    watch.parcel.delivered_at = watch.sign_due_at = timezone.now().replace(hour=23)
    told_of = facts_of_delivery(watch.parcel, counts_from=watch.sign_due_at)
    tomorrow = date_format(watch.sign_due_at.date() + timedelta(days=1), "DATE_FORMAT")
    assert told_of["day"] == tomorrow
    assert told_of["due"].startswith(f"{tomorrow}, 13:")  # somebody has to act by then: the time, too


def test_late_is_told_with_the_day_that_was_promised() -> None:
    promised = timezone.localdate() - timedelta(days=3)
    assert (
        f"by {date_format(promised, 'DATE_FORMAT')}" in make_topic_message("delivery_late", promised_on=promised).text
    )


def test_a_receipt_tells_what_was_counted_what_was_wrong_and_when() -> None:
    text = make_topic_message("parcel_signed").text
    assert "Partly accepted\n2 of 3 × Paper lantern, large (1 × damaged in transit, 1 × missing)\n" in text
    assert re.search(r"\nSigned on \d+ \w+ \d{4}, \d\d:\d\d \(Coordinated Universal Time\)\n", text)


def test_a_parcel_of_which_nobody_knows_the_lines_holds_what_no_other_does() -> None:
    parcel = make_parcel()
    parcel.lines.all().delete()
    assert facts_of_delivery(parcel, counts_from=timezone.now())["goods"] == "3 × Paper lantern, large"


def test_without_carrier_and_number_nothing_is_made_up() -> None:
    parcel = make_parcel(carrier="", tracking_number="")
    assert facts_of_delivery(parcel, counts_from=timezone.now())["reference"] == "–"


HOSTILE = "Anna\r\n\r\nhttp://127.0.0.1:8000/evil/\n<script>alert(1)</script> {{ link }} \N{RIGHT-TO-LEFT OVERRIDE}🎁"


def test_names_titles_and_numbers_make_no_lines_buttons_or_tags_of_their_own() -> None:
    order = make_delivered_watch(name=HOSTILE).parcel.order
    order.lines.update(title=HOSTILE)
    order.number = f"L-1 {HOSTILE}"[:80]
    order.parcels.update(carrier="DHL\nhttp://127.0.0.1:8000/evil/")
    order.save()

    notify_deliveries()

    message = Message.objects.get()
    assert "\n" not in message.subject
    assert [block.link for block in blocks_of(message.text) if block.link] == [link_in(message.text)]
    assert "/evil/" not in link_in(message.text)
    assert "<script>" not in html_of(message)


def test_every_variable_is_explained() -> None:
    signed = PARCEL_TOPICS["parcel_signed"]()
    known = {
        *facts_of(case_messages.make_topic_entry("refunded")),
        *facts_of(case_messages.make_topic_entry("authorised")),
        *facts_of_delivery(signed.parcel, counts_from=timezone.now()),
        *facts_of_signature(signed.parcel, signed),
    }
    assert known == set(VARIABLES)
