"""``Idempotency-Key``: asked twice, answered the same; another body, another day, another token are told apart."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from refunds.models import Refund
from signoff.api.stored_answers import Answer, KeyReused, answer_once, forget_answers
from signoff.models import KeptAnswer, OrderLine, Payment
from signoff.tasks import forget_answers as timetable_job
from tests.factories import ApiTokenFactory, KeptAnswerFactory, OrderFactory
from tests.steps.quote_api import new_token, post_quote, quote_body

pytestmark = pytest.mark.django_db


def test_the_same_key_and_body_get_the_stored_answer(client: Client) -> None:
    order = OrderFactory()
    token = new_token(shop=order.shop)
    request = {"order": {"number": order.number}, "remedy": "refund", "lines": [{"id": "1", "quantity": 1}]}
    first = post_quote(client, token, request, Idempotency_Key="k-1")
    OrderLine.objects.update(refunded=20)
    Payment.objects.update(refunded=20)
    again = post_quote(client, token, request, Idempotency_Key="k-1")
    assert (again.status_code, again.content) == (200, first.content)
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert not Refund.objects.exists()


def test_a_refusal_is_an_answer_too(client: Client) -> None:
    token, request = new_token(), quote_body(lines=[{"id": "9", "quantity": 1}])
    first, again = (post_quote(client, token, request, Idempotency_Key="k-1") for _ in range(2))
    assert (again.status_code, again.content) == (422, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(client: Client) -> None:
    token = new_token()
    post_quote(client, token, quote_body(), Idempotency_Key="k-1")
    response = post_quote(client, token, quote_body(shipping=[{"id": "s1"}]), Idempotency_Key="k-1")
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert response.json()["detail"].endswith(".")


def test_the_same_key_of_another_token_is_another_key(client: Client) -> None:
    answers = [
        post_quote(client, new_token(), quote_body(shipping=wish), Idempotency_Key="k-1")
        for wish in ([], [{"id": "s1"}])
    ]
    assert [answer.json()["total"] for answer in answers] == ["96.66", "108.66"]


def test_without_the_header_nothing_is_kept(client: Client) -> None:
    post_quote(client, new_token(), quote_body())
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "ü", "订单", "k" * 256])
def test_a_key_has_visible_characters_and_an_end(client: Client, key: str) -> None:
    response = post_quote(client, new_token(), quote_body(), Idempotency_Key=key)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_idempotency_key")
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["k", "k" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "!~"])
def test_any_other_key_will_do(client: Client, key: str) -> None:
    assert post_quote(client, new_token(), quote_body(), Idempotency_Key=key).status_code == 200
    assert KeptAnswer.objects.get().key == key


def test_whoever_may_not_ask_uses_up_no_key(client: Client) -> None:
    post_quote(client, "wrong", quote_body(), Idempotency_Key="k-1")
    post_quote(client, new_token(scopes=["orders"]), quote_body(), Idempotency_Key="k-1")
    assert not KeptAnswer.objects.exists()


def test_what_cannot_be_written_can_still_be_kept(client: Client) -> None:
    token, request = new_token(), quote_body(lines=[{"id": "\x00\ud800", "quantity": 1}])
    first, again = (post_quote(client, token, request, Idempotency_Key="k-1") for _ in range(2))
    assert first.status_code == 422
    assert json.loads(again.content) == json.loads(first.content)


def test_an_effect_that_fails_keeps_no_answer_and_frees_the_key() -> None:
    token = ApiTokenFactory()

    def fails() -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer_once(token, "k", fingerprint="a", operation=fails)
    assert answer_once(token, "k", fingerprint="a", operation=lambda: Answer(200, "{}")) == Answer(200, "{}")
    assert answer_once(token, "k", fingerprint="a", operation=fails) == Answer(200, "{}", repeated=True)
    with pytest.raises(KeyReused):
        answer_once(token, "k", fingerprint="b", operation=fails)


def test_answers_are_forgotten_after_thirty_days(run_jobs: Any) -> None:
    now = timezone.now()
    for days in (29, 31, 60):
        KeptAnswerFactory(created_at=now - timedelta(days=days))
    assert forget_answers() == 2
    with time_machine.travel(now + timedelta(days=2)):
        run_jobs()
    assert not KeptAnswer.objects.exists()
    assert timetable_job() == 0
