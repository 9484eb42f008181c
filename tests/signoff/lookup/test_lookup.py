"""A shopper finds an order: code and link, attempts and limits, and that a look-up reveals nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signoff.lookup import actions as lookup
from signoff.lookup import codes as entry_codes
from signoff.lookup.rate_limit import LIMITS
from signoff.models import Attempt, EntryCode
from signoff.web.attempts import TooManyTries
from tests.factories import CustomerFactory, OrderFactory
from tests.steps.order_lookup import enter, look_up, newest_code, newest_link

pytestmark = pytest.mark.django_db


def plain(body: bytes) -> bytes:
    """A page without its CSRF tokens and nonces, which are random on purpose."""
    return re.sub(rb"[A-Za-z0-9]{64}|nonce=\S+", b"", body)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_from_the_mail_opens_the_order(client: Client) -> None:
    order = OrderFactory()
    enter(client, order)
    assert client.get(f"/orders/{order.token}/").status_code == 200


def test_number_and_address_are_found_however_they_are_written(client: Client) -> None:
    order = OrderFactory(number="L-77", customer__email="Anna@Shopper.example")
    look_up(client, " #l-77 ", "anna@SHOPPER.example ")
    newest_code()
    assert mail.outbox[0].to == [order.customer.email]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_mail_has_code_link_and_number(client: Client, language: str) -> None:
    order = OrderFactory(customer__language=language)
    look_up(client, order.number, order.customer.email)
    code = newest_code()
    [message] = mail.outbox
    assert code in message.subject
    assert order.number in message.body
    assert message.reply_to == [order.shop.email]


def test_hit_near_miss_and_miss_get_the_same_answer_for_the_same_work() -> None:
    order, other = OrderFactory(), OrderFactory()
    answers, work = [], []
    for number, email in [
        (order.number, order.customer.email),
        (order.number, other.customer.email),
        ("L-0", "nobody@shopper.example"),
    ]:
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = look_up(client, number, email)
        page = client.get("/code/")
        headers = {name: value for name, value in response.headers.items() if name != "Set-Cookie"}
        shown = plain(page.content).replace(email.encode(), b"")
        answers.append((response.status_code, headers, response.content, shown, list(client.cookies)))
        work.append([re.sub(r"'[^']*'|\d+|NULL", "?", query["sql"]) for query in queries])
    assert answers[0] == answers[1] == answers[2]
    assert work[0] == work[1] == work[2]
    assert EntryCode.objects.count() == 3


def test_only_a_hit_is_mailed_but_every_row_gets_a_code(client: Client) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)
    look_up(client, order.number, "somebody@else.example")
    assert entry_codes.send_codes() == 1
    assert not EntryCode.objects.filter(sent_at=None).exists()
    assert not EntryCode.objects.filter(code_hash="").exists()


def test_a_wrong_code_for_a_miss_reads_like_one_for_a_hit() -> None:
    order = OrderFactory()
    pages = []
    for email in (order.customer.email, "somebody@else.example"):
        client = Client()
        look_up(client, order.number, email)
        entry_codes.send_codes()
        wrong = other_than(newest_code())
        page = plain(client.post("/code/", {"code": wrong}).content)
        pages.append(page.replace(wrong.encode(), b"").replace(email.encode(), b""))
    assert pages[0] == pages[1]


def test_the_database_knows_neither_code_nor_link(client: Client) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)
    code, link = newest_code(), newest_link().split("/")[2]
    row = EntryCode.objects.get()
    assert code not in (row.code_hash, row.link_hash)
    assert link not in (row.code_hash, row.link_hash)
    assert not Attempt.objects.filter(key_hash__icontains=order.number).exists()


def test_five_wrong_codes_use_it_up(client: Client) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)
    code = newest_code()
    for left in (4, 3, 2, 1):
        response = client.post("/code/", {"code": other_than(code)})
        assert f"You have {left} tr" in response.content.decode()
    client.post("/code/", {"code": other_than(code)})
    response = client.post("/code/", {"code": code})
    assert response.status_code == 200
    assert "This code has expired" in response.content.decode()


def test_a_code_works_once(client: Client) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)
    code = newest_code()
    assert client.post("/code/", {"code": code}).status_code == 302
    assert client.post("/code/", {"code": code}).status_code == 200


def test_a_code_works_for_ten_minutes_only() -> None:
    order, now = OrderFactory(), timezone.now()
    lookup.request_code(order.number, order.customer.email, browser="b", machine="m", now=now)
    code = newest_code()
    late = lookup.enter_by_code(code, browser="b", now=now + timedelta(minutes=10))
    assert late.order is None
    assert lookup.enter_by_code(code, browser="b", now=now + timedelta(minutes=9, seconds=59)).order == order


def test_a_code_works_only_in_the_browser_that_asked(client: Client) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)
    code = newest_code()
    thief = Client()
    look_up(thief, order.number, "thief@shopper.example")
    assert thief.post("/code/", {"code": code}).status_code == 200
    assert client.post("/code/", {"code": code}).status_code == 302


def test_opening_a_link_uses_nothing_up_and_pressing_its_button_does(client: Client) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)
    link = newest_link()
    assert client.get(link).status_code == 200
    assert Client().post(link).status_code == 403
    assert client.post(link).headers["Location"] == f"/orders/{order.token}/"
    assert client.post(link).status_code == 403


def test_a_made_up_link_looks_like_any_other(client: Client) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)
    link = newest_link()
    real, made_up = plain(client.get(link).content), plain(client.get("/enter/made-up/").content)
    assert real.replace(link.encode(), b"") == made_up.replace(b"/enter/made-up/", b"")


def test_a_mail_server_that_fails_is_asked_again_with_a_new_code(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    order = OrderFactory()
    look_up(client, order.number, order.customer.email)

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert entry_codes.send_codes() == 0
    assert order.customer.email not in caplog.text
    assert client.post("/code/", {"code": newest_code()}).status_code == 302


def test_the_workers_are_nudged_for_hits_and_misses(
    client: Client, nudges: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        look_up(client, "L-0", "nobody@shopper.example")
    assert nudges == ["config.tasks.wake"]


def test_an_address_is_limited_and_what_was_typed_stays(client: Client) -> None:
    for _ in range(LIMITS["contact"].free):
        assert look_up(client, "L-1", "anna@shopper.example").status_code == 302
    response = look_up(client, "L-2", "ANNA@shopper.example")
    assert response.status_code == 429
    assert "Try again in 15 minutes" in response.content.decode()
    assert 'value="L-2"' in response.content.decode()
    assert look_up(client, "L-2", "other@shopper.example").status_code == 302


def test_a_limit_reads_the_same_for_hit_and_miss() -> None:
    order = OrderFactory(number="L-11")
    pages = []
    for number, email in [(order.number, order.customer.email), ("L-12", "nobody@shopper.example")]:
        client = Client()
        for _ in range(LIMITS["contact"].free):
            look_up(client, number, email)
        page = plain(look_up(client, number, email).content)
        pages.append(page.replace(number.encode(), b"").replace(email.encode(), b""))
    assert pages[0] == pages[1]


def test_a_stranger_keeps_no_shopper_out() -> None:
    """However often the order and the contact are tried elsewhere, at the shopper's address nothing is used up."""
    order = OrderFactory()
    for n in range(LIMITS["order"].free + 3):
        look_up(Client(), order.number, f"a{n}@shopper.example", REMOTE_ADDR="203.0.113.66")
        look_up(Client(), order.number, order.customer.email, REMOTE_ADDR="203.0.113.67")
    assert look_up(Client(), order.number, "z@shopper.example", REMOTE_ADDR="203.0.113.66").status_code == 429
    assert look_up(Client(), order.number, order.customer.email, REMOTE_ADDR="203.0.113.67").status_code == 429
    enter(Client(REMOTE_ADDR="203.0.113.1"), order)


def test_an_order_is_limited_across_contacts_at_one_address() -> None:
    for n in range(LIMITS["order"].free):
        look_up(Client(), "L-1", f"a{n}@shopper.example")
    assert look_up(Client(), "l-1", "z@shopper.example").status_code == 429
    assert look_up(Client(), "L-2", "z@shopper.example").status_code == 302


def test_waits_grow_with_every_look_up() -> None:
    now, waits = timezone.now(), []
    while len(waits) < 4:
        try:
            lookup.request_code("L-1", "anna@shopper.example", browser="b", machine="m", now=now)
        except TooManyTries as refusal:
            waits.append(refusal.wait)
            now += refusal.wait
    assert waits == [timedelta(minutes=minutes) for minutes in (15, 30, 60, 60)]


def test_an_order_gets_three_messages_an_hour_and_the_page_does_not_say() -> None:
    order, now = OrderFactory(), timezone.now()
    pages = []
    for n in range(6):
        client = Client(REMOTE_ADDR=f"203.0.113.{n // 2}")
        pages.append(plain(look_up(client, order.number, order.customer.email).content))
        pages.append(plain(client.get("/code/").content))
        entry_codes.send_codes()
    assert len(mail.outbox) == 3
    assert pages == pages[:2] * 6
    later = now + timedelta(minutes=61)
    lookup.request_code(order.number, order.customer.email, browser="b", machine="m", now=later)
    assert entry_codes.send_codes(later) == 1


def test_text_messages_count_as_mails_do() -> None:
    order = OrderFactory(customer__phone="+49 170 1234567")
    for n, contact in enumerate([order.customer.email, order.customer.phone, order.customer.email, "0170 1234567"]):
        look_up(Client(REMOTE_ADDR=f"203.0.113.{n}"), order.number, contact)
    assert entry_codes.send_codes() == 3


def test_one_address_leaves_a_message_for_another() -> None:
    """Who knows number and contact of a shopper cannot use up their messages."""
    order = OrderFactory()
    for _ in range(4):
        look_up(Client(REMOTE_ADDR="203.0.113.66"), order.number, order.customer.email)
    assert entry_codes.send_codes() == 2
    enter(Client(REMOTE_ADDR="203.0.113.1"), order)


def test_an_earlier_code_of_the_browser_is_good_while_a_later_one_is_withheld(client: Client) -> None:
    order = OrderFactory()
    for _ in range(3):
        look_up(client, order.number, order.customer.email)
        code = newest_code()
    assert len(mail.outbox) == 2
    assert client.post("/code/", {"code": code}).headers["Location"] == f"/orders/{order.token}/"


def test_a_machine_is_limited_across_orders_and_a_household_is_one_machine() -> None:
    for n in range(LIMITS["machine"].free):
        look_up(Client(), f"L-{n}", f"a{n}@shopper.example", REMOTE_ADDR=f"2001:db8::{n:x}")
    assert look_up(Client(), "L-99", "z@shopper.example", REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert look_up(Client(), "L-99", "z@shopper.example", REMOTE_ADDR="2001:db9::1").status_code == 302


def test_a_forwarded_address_counts_only_behind_a_proxy_and_only_the_last(settings: Any) -> None:
    def machines() -> int:
        Attempt.objects.all().delete()
        for n in range(2):
            look_up(Client(), f"L-{n}", f"a{n}@shopper.example", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 203.0.113.{n}")
        return Attempt.objects.values("key_hash").distinct().count()

    assert machines() == 2 * 2 + 1
    settings.BEHIND_PROXY = True
    assert machines() == 2 * 2 + 2


def test_the_limit_ends_when_the_window_has_passed() -> None:
    now = timezone.now()
    for _ in range(LIMITS["contact"].free):
        lookup.request_code("L-1", "anna@shopper.example", browser="b", machine="m", now=now)
    lookup.request_code("L-1", "anna@shopper.example", browser="b", machine="m", now=now + timedelta(minutes=15))


def test_old_codes_and_tries_are_forgotten() -> None:
    long_ago = timezone.now() - timedelta(days=2)
    lookup.request_code("L-1", "anna@shopper.example", browser="b", machine="m", now=long_ago)
    lookup.request_code("L-2", "ben@shopper.example", browser="b", machine="m")
    entry_codes.forget_entries()
    assert (EntryCode.objects.count(), Attempt.objects.count()) == (1, 3)


def test_an_order_of_somebody_else_does_not_exist(client: Client) -> None:
    customer = CustomerFactory()
    mine, other = OrderFactory(customer=customer, shop=customer.shop), OrderFactory()
    enter(client, mine)
    assert client.get(f"/orders/{other.token}/").status_code == 404
    assert Client().get(f"/orders/{mine.token}/").headers["Location"] == "/"


def test_leaving_forgets_every_order(client: Client) -> None:
    order = OrderFactory()
    enter(client, order)
    assert order.number in client.get("/orders/").content.decode()
    assert client.get("/leave/").status_code == 405
    client.post("/leave/")
    assert client.get("/orders/").headers["Location"] == "/"
