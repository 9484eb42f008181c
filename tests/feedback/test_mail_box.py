"""The demo's mail box reads what the file-based mailer writes."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client

from config.demo import mail_files

CODE_MAIL = "Here is your code:\n\n    402817\n\nOr open\nhttp://127.0.0.1:8000/enter/abc/\n\n你好"
HTML = "<html><head><style>p { color: red }</style></head><body><a href='http://127.0.0.1:8000/x/'>go</a></body></html>"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL_DIR = tmp_path / "mail"
    return settings.MAIL_DIR


def send(folder: Path, *letters: EmailMessage, age: int = 0) -> None:
    """As one connection writes them: one file for all of them."""
    before = set(folder.glob("*")) if folder.exists() else set()
    EmailBackend(file_path=folder, alias="default").send_messages(letters)
    (written,) = set(folder.glob("*")) - before
    os.rename(written, written.with_name(f"20261122-101010-{len(before)}.log"))
    moment = time.time() - age
    os.utime(written.with_name(f"20261122-101010-{len(before)}.log"), (moment, moment))


def letter(to: str = "anna@shopper.example", subject: str = "Subject", body: str = "Hello") -> EmailMessage:
    return EmailMessage(subject, body, "Lantern <a@shop.example>", [to])


def letter_with_html() -> EmailMultiAlternatives:
    both = EmailMultiAlternatives(
        "两样", "Text http://127.0.0.1:8000/x/", "a@shop.example", ["Anna <anna@shopper.example>"]
    )
    both.attach_alternative(HTML, "text/html")
    return both


def subjects(folder: Path, **options: Any) -> list[str]:
    return [mail.subject for mail in mail_files.newest(folder, **{"limit": 25} | options)]


def test_without_mail_the_box_is_empty(folder: Path, client: Client) -> None:
    page = client.get("/demo/mail/")
    assert page.status_code == 200
    assert "No e-mails yet" in page.content.decode()


def test_mails_are_read_newest_first_also_several_of_one_connection(folder: Path) -> None:
    send(folder, letter(subject="oldest"), letter(subject="later"), age=60)
    send(folder, letter(subject="Neues – 新的"), age=10)
    assert subjects(folder) == ["Neues – 新的", "later", "oldest"]


def test_mails_are_found_by_a_part_of_the_address(folder: Path) -> None:
    send(folder, letter("Anna <Anna@shopper.example>", "for Anna"), letter("tom@shopper.example", "for Tom"), age=60)
    send(folder, letter("tom@shopper.example", "for Tom again"))
    assert subjects(folder, to="anna@") == ["for Anna"]
    assert subjects(folder, to="TOM@shopper") == ["for Tom again", "for Tom"]


def test_a_mail_that_is_just_being_written_is_left_for_later(folder: Path) -> None:
    send(folder, letter())
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    assert subjects(folder) == []


@pytest.mark.parametrize("key", ["../../etc/passwd.0", "x.0", "20261122-101010-0.7", "20261122-101010-0.x", "", "."])
def test_a_key_that_nobody_gave_finds_nothing(folder: Path, key: str) -> None:
    send(folder, letter())
    assert mail_files.find(folder, key) is None


def test_the_newest_mail_is_open_with_its_code_and_links_to_where_the_demo_is_looked_at(
    folder: Path, client: Client
) -> None:
    send(folder, letter(body=CODE_MAIL))
    page = client.get("/demo/mail/?to=anna@shopper.example", headers={"Host": "localhost:8123"}).content.decode()
    assert "<strong>402817</strong>" in page
    assert '<a href="http://localhost:8123/enter/abc/"' in page
    assert "你好" in page


def test_the_html_part_is_shown_in_a_frame_that_can_do_nothing(folder: Path, client: Client) -> None:
    send(folder, letter_with_html())
    page = client.get("/demo/mail/")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "script-src 'self'" in page["Content-Security-Policy"]

    frame = client.get("/demo/mail/20261122-101010-0.0/html/")

    assert frame["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-top-navigation-by-user-activation"
    )
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in frame.content.decode()
    assert "href='http://testserver/x/'" in frame.content.decode()


def test_a_mail_without_html_has_no_frame(folder: Path, client: Client) -> None:
    send(folder, letter())
    assert "<iframe" not in client.get("/demo/mail/").content.decode()
    assert client.get("/demo/mail/20261122-101010-0.0/html/").status_code == 404


def test_a_page_that_asks_for_news_gets_nothing_where_there_is_none(folder: Path, client: Client) -> None:
    send(folder, letter(), age=5)
    ask = {"HX-Request": "true"}
    assert client.get("/demo/mail/?newest=20261122-101010-0.0", headers=ask).status_code == 204
    send(folder, letter(subject="Brand new"))
    page = client.get("/demo/mail/?newest=20261122-101010-0.0", headers=ask).content.decode()
    assert page.strip().startswith('<div id="box"')
    assert "Brand new" in page


def test_a_thousand_mails_are_leafed_through_quickly_and_only_a_pages_worth_is_taken_apart(
    folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(folder, letter_with_html())
    (first,) = folder.iterdir()
    source = first.read_bytes()
    for position in range(1, 1000):
        copy = folder / f"20261122-111111-{position}.log"
        copy.write_bytes(source if position % 10 else source.replace(b"anna@", b"tom@"))
        os.utime(copy, (1_000_000 + position,) * 2)
    os.utime(first, (1_000_000,) * 2)
    parsed: list[str] = []
    really_parse = mail_files._mail
    monkeypatch.setattr(mail_files, "_mail", lambda key, source: parsed.append(key) or really_parse(key, source))

    page = client.get("/demo/mail/?to=tom@")

    assert len(page.context["mails"]) == 25
    assert len(parsed) == 26
    seen = [mail.key for mail in page.context["mails"]]
    while page.context["older"]:
        page = client.get("/demo/mail/" + page.context["older"])
        seen += [mail.key for mail in page.context["mails"]]
    assert seen == [f"20261122-111111-{position}.0" for position in range(990, 0, -10)]
