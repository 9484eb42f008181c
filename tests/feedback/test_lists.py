"""The desk's lists of messages and surveys."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.messages.actions import write_message
from feedback.models import Message
from feedback.surveys.actions import answer, send_survey
from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.factories.case_messages import make_resolved_case

pytestmark = pytest.mark.django_db


def signed_in(role: str = "manager") -> Client:
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def make_message(**changes: Any) -> Message:
    message = write_message(make_case().log.select_related("case__customer", "case__order", "case__shop").get())
    for name, value in changes.items():
        setattr(message, name, value)
    message.save()
    return message


def make_answer(satisfaction: int = 5, ease: int = 5, words: str = "") -> Case:
    case = make_resolved_case()
    answer(send_survey(case), satisfaction=satisfaction, ease=ease, words=words)
    return case


def listed(query: str = "") -> list[int]:
    return [message.pk for message in signed_in().get(f"/desk/messages/{query}").context["page"].rows]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("/desk/messages/", 5), ("/desk/surveys/", 6)])
def test_a_list_asks_the_same_number_of_questions_however_long(
    address: str, queries: int, count: int, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.web.navigation._COUNTERS", {})  # what the sidebar counts is not this page's
    for _ in range(count):
        make_message(status="failed", failure="gone")
        make_answer(words="Fine")
    client = signed_in()
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


def test_messages_are_listed_newest_first_with_their_words() -> None:
    old, new = make_message(), make_message()
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=1))
    page = signed_in().get("/desk/messages/")
    assert [message.pk for message in page.context["page"].rows] == [new.pk, old.pk]
    assert "Thank you for telling us" in page.content.decode()


def test_messages_are_found_by_state_topic_language_number_and_address() -> None:
    other = make_message()
    message = make_message(status="failed", topic="offered", language="zh-hans", to="Mei.Ling@shopper.example")
    for query in (
        "?status=failed",
        "?topic=offered",
        "?language=zh-hans",
        "?q=mei.ling",
        f"?q={message.case.number.lower()}",
        f"?q={message.case.number[2:]}",
        "?q=mei&status=failed&topic=offered",
    ):
        assert listed(query) == [message.pk], query
    assert listed("?status=nonsense") == listed("?q=+") == [message.pk, other.pk]
    assert listed("?q=nobody") == []


def test_a_long_list_is_leafed_through_by_key() -> None:
    first = make_message()
    Message.objects.bulk_create(
        Message(
            case=first.case,
            topic="received",
            dedupe_key=f"{first.case.number}/{position}",
            language="en",
            subject=f"Mail {position}",
            text="Hello",
            created_at=first.created_at,  # equal moments are told apart by their keys
            next_try_at=first.created_at,
        )
        for position in range(2, 61)
    )
    client, query, seen = signed_in(), "", []
    while True:
        page = client.get(f"/desk/messages/{query}").context["page"]
        seen += [message.pk for message in page.rows]
        if not page.next:
            break
        query = page.next
    assert seen == sorted(Message.objects.values_list("pk", flat=True), reverse=True)


def test_htmx_gets_the_part_that_changes() -> None:
    page = signed_in().get("/desk/messages/", headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<div id="list">')


def test_an_agent_has_a_failed_message_sent_again() -> None:
    message = make_message(status="failed", failure="unknown user", attempts=8)
    client = signed_in("agent")
    page = client.get("/desk/messages/").content.decode()
    address = f"/desk/messages/received/{message.case.number}/1/again/"
    assert address in page
    assert "unknown user" in page

    answered = client.post(address, follow=True)

    assert "will be sent again shortly" in answered.content.decode()
    assert Message.objects.get().status == "queued"


def test_what_was_sent_meanwhile_is_not_sent_again() -> None:
    message = make_message(status="sent")
    answered = signed_in().post(f"/desk/messages/received/{message.case.number}/1/again/", follow=True)
    assert "A colleague has just changed this message" in answered.content.decode()


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("inspector", "/desk/messages/", 403),
        ("finance", "/desk/messages/", 403),
        ("agent", "/desk/messages/", 200),
        ("agent", "/desk/surveys/", 403),
        ("manager", "/desk/surveys/", 200),
    ],
)
def test_roles_see_what_is_theirs(role: str, address: str, status: int) -> None:
    assert signed_in(role).get(address).status_code == status


def test_an_inspector_cannot_send_again() -> None:
    message = make_message(status="failed")
    address = f"/desk/messages/received/{message.case.number}/1/again/"
    assert signed_in("inspector").post(address).status_code == 403
    assert signed_in("agent").get(address).status_code == 405
    assert signed_in("agent").post(address.replace("received", "offered")).status_code == 404


def test_surveys_show_averages_and_the_share_of_answers() -> None:
    make_answer(5, 4)
    make_answer(2, 3, "Slow.")
    send_survey(make_resolved_case())
    stats = signed_in().get("/desk/surveys/").context["stats"]
    assert [stat.value for stat in stats] == ["3.5", "3.5", "67%", "1"]
    assert stats[2].detail == "of the last 3 surveys sent"


def test_without_surveys_nothing_is_claimed() -> None:
    page = signed_in().get("/desk/surveys/")
    assert [stat.value for stat in page.context["stats"]] == ["–", "–", "–", "0"]
    assert "No surveys sent yet" in page.content.decode()


def test_surveys_are_narrowed_to_what_calls_for_a_look() -> None:
    low, good, waiting = make_answer(2, 5, "Slow."), make_answer(5, 5), make_resolved_case()
    send_survey(waiting)
    cases = {
        show: {survey.case for survey in signed_in().get(f"/desk/surveys/?show={show}").context["page"].rows}
        for show in ("", "low", "words", "answered", "waiting", "nonsense")
    }
    assert cases == {
        "": {low, good, waiting},
        "low": {low},
        "words": {low},
        "answered": {low, good},
        "waiting": {waiting},
        "nonsense": {low, good, waiting},
    }
