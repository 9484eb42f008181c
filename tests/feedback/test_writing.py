"""Each topic in each language: filled in completely, and nothing said that is not the shopper's business."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.formats import date_format

from feedback.messages.actions import read_logbook, write_message
from feedback.messages.facts import facts_of
from feedback.messages.template_language import parse
from feedback.messages.topics import TOPICS, compose, topic_of
from feedback.models import Message, MessageTemplate, Survey
from returns.logbook.verbs import registered_verbs
from returns.models import Case
from tests.factories import CustomerFactory, OrderFactory, make_case, parcel_messages
from tests.factories.case_messages import CASE_TOPICS, make_topic_entry
from tests.steps.logbook import note

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def asked_for(topic: str, language: str) -> set[str]:
    template = MessageTemplate.objects.get(topic=topic, language=language)
    nodes = [*parse(template.subject).nodelist, *parse(template.body).nodelist]
    return {node.filter_expression.token for node in nodes if hasattr(node, "filter_expression")}


def test_every_topic_has_words_in_every_language_a_name_and_a_way_here() -> None:
    written = set(MessageTemplate.objects.values_list("topic", "language"))
    assert written == {(topic, language) for topic in TOPICS for language in LANGUAGES}
    assert {*CASE_TOPICS, *parcel_messages.PARCEL_TOPICS, "inquiry"} == set(TOPICS)
    assert {verb.topic for verb in registered_verbs() if verb.topic} <= set(TOPICS)


@pytest.mark.parametrize("topic", CASE_TOPICS)
def test_a_message_is_filled_in_completely_in_every_language(topic: str) -> None:
    entry = make_topic_entry(topic)
    assert topic_of(entry) == topic
    for language in LANGUAGES:
        entry.case.language = language
        words = compose(entry, topic)
        facts = facts_of(entry)
        assert words.language == language
        assert {name for name in asked_for(topic, language) if not facts.get(name)} == set()
        assert not re.search(r"[{}]|None", words.subject + words.text)
        assert entry.case.number in words.subject
        assert words.text.startswith("Hello Anna Schmidt" if language == "en" else "Anna Schmidt")
        assert words.text.endswith("\n\nLantern & Loom")
        assert len([line for line in words.text.splitlines() if line.startswith(settings.SITE_URL + "/")]) == 1


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_chinese_words_are_chinese_throughout(language: str) -> None:
    simplified, traditional = "单处查详请将会给来为这还寄审质", "單處查詳請將會給來為這還寄審質"
    foreign = set(traditional) - set(simplified) if language == "zh-hans" else set(simplified) - set(traditional)
    for template in MessageTemplate.objects.filter(language=language):
        words = re.sub(r"{{ \w+ }}", "", template.subject + template.body)
        assert not re.search(r"[A-Za-z,:;?!]|您您|，，", words)
        assert not foreign & set(words)


@pytest.mark.parametrize("topic", ["parcel_lost", "reopened"])
def test_notes_for_the_house_stay_in_the_house(topic: str) -> None:
    MessageTemplate.objects.filter(topic=topic).update(body="{{ words }}{{ name }}")
    assert "Between us" not in write_message(make_topic_entry(topic)).text


def test_the_agents_words_are_told() -> None:
    message = write_message(make_topic_entry("information_wanted"))
    assert "Which lamp is broken? A photo would help.\nThank you." in message.text


def test_the_day_is_that_of_the_step_even_if_the_case_has_moved_on() -> None:
    entry = make_topic_entry("received")
    promised = date_format(entry.at + timedelta(days=1), "DATE_FORMAT")
    entry.case.due_at = None
    assert facts_of(entry)["due"] == promised


@pytest.mark.parametrize("topic", ["information_wanted", "offered", "authorised", "rejected"])
def test_what_the_shopper_has_to_do_is_due_at_a_time_of_the_day(topic: str) -> None:
    assert re.search(r"\d{4}, \d\d:\d\d", facts_of(make_topic_entry(topic))["due"])


def test_a_refund_is_told_with_its_amount_and_reference() -> None:
    message = write_message(make_topic_entry("refunded"))
    assert message.subject == f"We've refunded €20.00 for {message.case.number}"
    assert "BANK-77" in message.text


def test_a_parcel_is_told_with_what_is_in_it() -> None:
    assert (
        "1 × Paper lantern, large\n\nCarrier and tracking number: DHL JJD0001"
        in write_message(make_topic_entry("replacement_sent")).text
    )


def test_that_money_is_on_its_way_is_not_told_any_more_when_it_has_arrived() -> None:
    entry = make_topic_entry("settling")
    entry.case.__dict__["status"] = Case.Status.RESOLVED  # the field is protected
    assert write_message(entry) is None


def test_the_survey_is_made_and_linked_when_everything_is_put_right() -> None:
    message = write_message(make_topic_entry("survey"))
    assert f"/survey/{Survey.objects.get(case=message.case).token}/" in message.text


def test_the_survey_is_made_for_somebody_without_an_address_too() -> None:
    order = OrderFactory(customer=CustomerFactory(email=""))
    entry = make_topic_entry("survey", case=make_case(order=order))
    assert write_message(entry) is None
    assert Survey.objects.filter(case=entry.case).exists()


def test_somebody_without_a_name_is_greeted_all_the_same() -> None:
    order = OrderFactory(customer=CustomerFactory(name=""))
    assert write_message(make_topic_entry("received", case=make_case(order=order))).text.startswith("Hello there,")


def test_what_happens_inside_the_house_is_not_told() -> None:
    case = make_case()
    note(case, "take", by=None)
    assert write_message(case.log.last()) is None


def test_imported_cases_of_the_past_are_not_told_about() -> None:
    entry = make_topic_entry("received")
    entry.case.channel = Case.Channel.IMPORT
    assert write_message(entry) is None


def test_a_message_is_made_once() -> None:
    entry = make_topic_entry("received")
    assert write_message(entry) == write_message(entry) == Message.objects.get()


@pytest.mark.parametrize("body", ["{% include 'base.html' %}", "{{ settings }}", "{{ name"])
def test_broken_words_are_logged_and_do_not_stop_the_next(body: str, caplog: pytest.LogCaptureFixture) -> None:
    MessageTemplate.objects.filter(topic="received", language="en").update(body=body)
    broken = write_message(make_topic_entry("received"))
    assert (broken is None) is (body != "{{ name")
    assert ("No message about" in caplog.text) is (body != "{{ name")


def test_a_language_without_words_gets_english_ones() -> None:
    MessageTemplate.objects.filter(topic="received", language="zh-hant").delete()
    message = write_message(make_topic_entry("received", language="zh-hant"))
    assert (message.language, message.text[:5]) == ("en", "Hello")


def test_nothing_is_read_that_is_not_committed() -> None:
    make_case()
    assert read_logbook() == 0


def test_nobody_is_thanked_for_what_the_carrier_told_us() -> None:
    told, reported = (make_case(channel=channel).log.get() for channel in (Case.Channel.SIGN_OFF, Case.Channel.CARRIER))
    assert (topic_of(told), topic_of(reported)) == ("received", None)
