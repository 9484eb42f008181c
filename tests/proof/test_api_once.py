"""Twenty at once under one Idempotency-Key: one is computed, the others are asked to wait or get its answer."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from time import sleep
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test import Client

from signoff.api import stored_answers
from signoff.api.stored_answers import Answer, RequestInProgress, answer_once
from signoff.models import ApiToken, KeptAnswer
from tests.factories import ApiTokenFactory
from tests.steps.quote_api import ORDER, new_token, post_quote

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 20


def at_once(action: Callable[[], Any]) -> list[Any]:
    """What each of the crowd got; all begin together, each with a connection of its own."""
    start = Barrier(CROWD)

    def run(_number: int) -> Any:
        start.wait()
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(run, range(CROWD)))


def rush(token: ApiToken, key: str) -> Counter[str]:
    """How often the action was done, repeated, refused while at it, or broke."""
    seen: Counter[str] = Counter()
    lock = Lock()

    def count(what: str) -> None:
        with lock:
            seen[what] += 1

    def action() -> Answer:
        count("done")
        sleep(0.05)  # as long as the others need to come in
        return Answer(200, "{}")

    def one() -> None:
        try:
            answer = answer_once(token, key, fingerprint="a", operation=action)
            count("repeated" if answer.repeated else "first")
        except RequestInProgress:
            count("asked to wait")
        except IntegrityError:
            count("broke")

    at_once(one)
    return seen


def law(rounds: int) -> Counter[str]:
    """Each round one is computed and everybody gets an answer."""
    token, told = ApiTokenFactory(), Counter()
    for number in range(rounds):
        seen = rush(token, f"k-{number}")
        told += seen
        assert (seen["done"], seen["first"], seen["broke"]) == (1, 1, 0)
        assert seen["first"] + seen["repeated"] + seen["asked to wait"] == CROWD
    return told


def test_of_twenty_at_once_one_is_computed(size: Any, figure: Any) -> None:
    rounds = size(5, 200)
    told = law(rounds)
    note = f"{told['asked to wait']:,} asked to wait, {told['repeated']:,} given the stored answer"
    figure(
        "API", f"computed more than once in {rounds} × {CROWD} at once", told["done"] - rounds, bound="= 0", note=note
    )
    assert KeptAnswer.objects.count() == rounds


def test_negative_control_without_the_claim_several_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_answers, "_claim", lambda token, key: True)
    with pytest.raises(AssertionError):
        law(3)


def test_over_http_everybody_gets_the_first_answer_or_is_told_to_wait(size: Any) -> None:
    token = new_token()
    lines = [{**ORDER["lines"][0], "id": str(n)} for n in range(300)]
    request = {
        "order": {**ORDER, "lines": lines, "discounts": [], "payments": None},
        "remedy": "refund",
        "lines": [{"id": str(n), "quantity": 3} for n in range(300)],
    }
    for number in range(size(3, 20)):
        answers = at_once(lambda key=f"k-{number}": post_quote(Client(), token, request, Idempotency_Key=key))
        statuses = Counter(answer.status_code for answer in answers)
        assert statuses.keys() <= {200, 409}, statuses
        fresh = [
            answer for answer in answers if answer.status_code == 200 and "Idempotent-Replayed" not in answer.headers
        ]
        assert len(fresh) == 1
        assert {answer.content for answer in answers if answer.status_code == 200} == {fresh[0].content}
        assert json.loads(fresh[0].content)["total"] == "90000.00"
        for answer in answers:
            if answer.status_code == 409:
                assert (answer.json()["code"], answer.headers["Retry-After"]) == ("in_progress", "1")
