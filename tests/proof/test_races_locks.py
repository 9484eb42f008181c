"""Rows that somebody holds, rings of locks, a database that goes away: one polite page, and then it works."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.runtime import postgres
from returns.models import Case, Draft
from tests.factories import ReasonFactory
from tests.proof.concurrent_clients import CROWD, Answer, Person, all_rounders, at_once, let_in, shoppers, staff
from tests.proof.decision_forms import submitted, with_a_plan
from tests.proof.money_checks import MoneyCheck
from tests.proof.server import Server, serving
from tests.steps.locks import hold, how_many_wait, somebody, until

pytestmark = pytest.mark.django_db(transaction=True)
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL(%s)"
SOCKET = ".s.PGSQL.5432"
LIMIT = 3  # seconds that the product waits for a row
Press = Callable[[], Answer]


def cut_off(*but: int) -> None:
    """End every other session on our database, as a restart does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        cursor.execute(OTHERS, [[cursor.fetchone()[0], *but]])


def rejection(person: Person) -> tuple[Press, str, int]:
    """A button, and table and key of a row that it needs."""
    case = submitted()
    address = f"/desk/cases/{case.number}/reject/"
    form = person.form(address) | {"words": "Worn for a year."}
    return lambda: person.post(address, form, typed="Worn for a year."), "returns_case", case.pk


def approval(person: Person) -> tuple[Press, str, int]:
    case = with_a_plan()
    address = f"/desk/cases/{case.number}/authorise/"
    form = person.form(address) | {"answer": "approve", "words": "It is right."}
    return lambda: person.post(address, form, typed="It is right."), "signoff_payment", case.order.payments.get().pk


def request(person: Person) -> tuple[Press, str, int]:
    order = submitted().order
    line, said = order.lines.get(), {"quantity": 1, "reason": "defective", "wish": "refund", "words": "Dark."}
    ReasonFactory(shop=order.shop)
    draft = Draft.objects.create(order=order, data={"lines": [{"line": line.pk} | said]})
    let_in([browser := shoppers(person.server, [], 1)[0]], order)
    address = f"/orders/{order.token}/request/{draft.token}/check/"
    return lambda: browser.post(address, {}), "signoff_orderline", line.pk


def test_who_waits_too_long_is_told_and_sends_the_same_again(server: Server, figure: Callable[..., None]) -> None:
    [person] = staff(server, all_rounders(1))
    found, begun = MoneyCheck(), time.monotonic()
    presses = []
    with somebody() as holder:
        for press, table, key in (rejection(person), approval(person), request(person)):
            hold(holder, table, key)
            presses.append(press)
        begun = time.monotonic()
        answers = at_once(presses)
        waited = time.monotonic() - begun
    for answer in answers:
        assert answer.status == 409
        assert "Someone else is working on this right now" in answer.words
    again = [person.post(answer.path, answer.form(answer.path)) for answer in answers[:2]] + [presses[2]()]
    assert all(answer.won for answer in again)
    found.judge([*answers, *again])
    assert found.all == []
    note = f"payment, order line and case are held; {LIMIT} s are waited for them"
    figure("Concurrency", "the polite page for who waits for a row", round(waited, 1), "s", "≤ 10", note)


def in_a_ring(person: Person) -> tuple[Case, Answer]:
    """A plan is approved while somebody holds the case and then wants the payment."""
    case = with_a_plan()
    payment = case.order.payments.get()
    address = f"/desk/cases/{case.number}/authorise/"
    form = person.form(address) | {"answer": "approve"}
    with ThreadPoolExecutor(1) as pool, somebody() as holder:
        hold(holder, "returns_case", case.pk)
        answer = pool.submit(person.post, address, form)
        until(lambda: how_many_wait() > 0)
        hold(holder, "signoff_payment", payment.pk)  # a ring now: the request gives way within a second
        holder.rollback()
        return case, answer.result()


def test_who_is_turned_away_by_a_deadlock_does_it_again_unseen(server: Server) -> None:
    case, answer = in_a_ring(staff(server, all_rounders(1))[0])
    assert answer.won
    assert [entry.verb for entry in case.log.all()][-2:] == ["approve", "settle"]


def test_with_one_try_the_deadlock_would_be_seen(faulty_server: Server) -> None:
    case, answer = in_a_ring(staff(faulty_server, all_rounders(1), **{"X-Fault": "one try"})[0])
    assert (answer.status, case.log.last().verb) == (409, "propose")


def test_without_a_limit_nobody_would_be_told(faulty_server: Server) -> None:
    press, table, key = rejection(staff(faulty_server, all_rounders(1), **{"X-Fault": "patient"})[0])
    with ThreadPoolExecutor(1) as pool:
        with somebody() as holder:
            hold(holder, table, key)
            answer = pool.submit(press)
            time.sleep(LIMIT + 1)
            assert not answer.done()
        assert answer.result().won


def after_a_restart(people: list[Person]) -> set[int]:
    """What everybody gets who opens a page when the database has been restarted since the last."""
    opened = [lambda person=person: person.get("/desk/lifecycle/") for person in people]
    at_once(opened)
    cut_off()
    return {answer.status for answer in at_once(opened)}


def test_a_restart_between_requests_is_not_noticed(server: Server) -> None:
    assert after_a_restart(staff(server, all_rounders())) == {200}


def test_without_health_checks_the_restart_would_be_noticed(faulty_server: Server) -> None:
    people = staff(faulty_server, all_rounders(10), **{"X-Fault": "trusts its connections"})
    assert 503 in after_a_restart(people)


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Path]:
    """A way to the database that can be closed: a link to its socket."""
    folder = Path("/tmp") / f"hw-road-{os.getpid()}"  # noqa: S108 - a socket's path must be short
    folder.mkdir()
    link = folder / SOCKET
    link.symlink_to(postgres.SOCKET_DIR / SOCKET)
    yield link
    link.unlink(missing_ok=True)
    folder.rmdir()


def test_a_lost_database_is_one_polite_page_and_then_it_works(road: Path, tmp_path: Path) -> None:
    database = f"postgres://{postgres.APPLICATION}@/{road.parent}/{settings.DATABASES['default']['NAME']}"
    with serving(tmp_path / "log", DATABASE_URL=database, WEB_CONCURRENCY="1") as server:
        [person] = staff(server, all_rounders(1))
        press, table, key = rejection(person)
        with ThreadPoolExecutor(1) as pool, somebody() as holder:
            hold(holder, table, key)
            waiting = pool.submit(press)
            until(lambda: how_many_wait() > 0)
            road.unlink()
            cut_off(holder.info.backend_pid)
            lost = [waiting.result(), press(), person.get("/desk/cases/")]
        for answer in lost:
            assert answer.status == 503
            assert "Everything we confirmed to you is safe" in answer.words
            assert answer.typed in answer.words
        assert Case.objects.get(pk=key).status == "submitted"
        road.symlink_to(postgres.SOCKET_DIR / SOCKET)
        answers = at_once([press] * CROWD)
        found = MoneyCheck()
        found.judge(answers)
        found.one_winner(answers, "after the loss")
        assert found.all == []
