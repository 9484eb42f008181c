"""The parser of mails: what it reads of real ones, and that hostile ones cost little and never raise."""

import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.mail_in.parts import MAX_BYTES, MailRefused
from feedback.mail_in.rules import (
    MAX_TEXT,
    Attachment,
    Bounce,
    ParsedMail,
    head_of,
    html_to_text,
    parse,
    parse_head,
)
from tests.feedback.mail_in.mails import ADDRESS, TOKEN, bounce, mail


def test_a_reply_is_read_as_a_whole() -> None:
    raw = mail("Yes.\n\nOn Mon, Nov 30, 2026 Kiln wrote:\n> Broken?", files={"slip.pdf": b"%PDF-1.7"})
    assert parse(raw) == ParsedMail(
        kind="reply",
        tokens=[TOKEN],
        message_id="<one@shopper.example>",
        sender="anna@shopper.example",
        subject="Re: Your request",
        text="Yes.",
        attachments=[Attachment("slip.pdf", b"%PDF-1.7")],
    )


@pytest.mark.parametrize("header", ["Cc", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_token_is_found_in_each_header_that_names_a_recipient(header: str) -> None:
    raw = mail(to="shop@shop.example", **{header.replace("-", "_"): f"Shop <{ADDRESS.upper()}>"})
    assert parse(raw).tokens == [TOKEN]


def test_a_token_in_the_subject_or_the_text_is_none() -> None:
    assert parse(mail(f"write to {ADDRESS}", to="shop@shop.example", X_Subject=ADDRESS)).tokens == []


@pytest.mark.parametrize(
    ("charset", "words"),
    [("gb2312", "灯坏了"), ("gbk", "燈壞了"), ("big5", "燈壞了"), ("iso-8859-1", "Größe"), ("utf-16", "灯坏了")],
)
def test_text_is_read_in_the_encodings_of_mail(charset: str, words: str) -> None:
    head = f"To: {ADDRESS}\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode()
    assert parse(head + words.encode(charset)).text == words


@pytest.mark.parametrize("charset", ["nonsense", "zlib_codec", "unicode_escape", "idna", "punycode", "undefined", ""])
def test_an_unknown_encoding_is_read_as_utf_8(charset: str) -> None:
    head = f"To: {ADDRESS}\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode()
    assert parse(head + "灯坏了 \\x41".encode()).text == "灯坏了 \\x41"


def test_an_encoded_sender_and_file_name_are_decoded() -> None:
    read = parse(mail(sender="安娜 <anna@shopper.example>", files={"发票.pdf": b"%PDF"}))
    assert (read.sender, read.attachments[0].name) == ("anna@shopper.example", "发票.pdf")


def test_html_alone_becomes_text_without_what_it_quotes() -> None:
    page = (
        "<html><head><style>p { color: red }</style></head><body><p>Yes,<br>it is <b>broken</b>.</p>"
        '<div class="gmail_quote">On Monday wrote:<blockquote>Broken?</blockquote></div></body></html>'
    )
    raw = f"To: {ADDRESS}\nContent-Type: text/html; charset=utf-8\n\n{page}".encode()
    assert parse(raw).text == "Yes,\nit is broken."


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.example>"},
        {"sender": "MAILER-DAEMON@mx.example"},
    ],
)
def test_mails_of_machines_are_automatic(headers: dict[str, str]) -> None:
    assert parse(mail(**headers)).kind == "automatic"


@pytest.mark.parametrize("subject", ["Automatic reply: Hello", "自动回复: 你好", "Out of office: away"])
def test_subjects_of_machines_are_automatic(subject: str) -> None:
    assert parse(mail().replace(b"Re: Your request", f"=?utf-8?q?{_quoted(subject)}?=".encode())).kind == "automatic"


def _quoted(words: str) -> str:
    return "".join(f"={byte:02X}" for byte in words.encode())


def test_a_persons_mail_that_says_so_is_none_of_a_machine() -> None:
    assert parse(mail(Auto_Submitted="no", Precedence="first-class")).kind == "reply"


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_bounce_names_its_mail_and_why(headers_only: bool) -> None:
    read = parse(bounce("<received.C-1.2@shop.example>", headers_only=headers_only))
    assert (read.kind, read.tokens) == ("bounce", [TOKEN])
    assert read.bounce == Bounce("<received.C-1.2@shop.example>", "550 5.1.1 no such mailbox")


def test_a_report_of_a_delay_is_no_bounce() -> None:
    read = parse(bounce("<received.C-1.2@shop.example>", action="delayed"))
    assert (read.kind, read.bounce) == ("automatic", None)


def test_a_long_text_is_cut_and_says_so() -> None:
    read = parse(mail("word " * 5000))
    assert len(read.text) <= MAX_TEXT
    assert read.is_cut


def test_an_attached_mail_does_not_speak_for_the_sender() -> None:
    inner = mail("Words of somebody else.").decode()
    raw = (
        f"To: {ADDRESS}\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n"
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    )
    assert parse(raw.encode()).text == "See below."


def _parts(count: int) -> bytes:
    part = b"--b\nContent-Type: text/plain\n\nx\n"
    return f"To: {ADDRESS}\nContent-Type: multipart/mixed; boundary=b\n\n".encode() + part * count + b"--b--\n"


def _nested(depth: int) -> bytes:
    heads = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"To: {ADDRESS}\n{heads}Content-Type: text/plain\n\nx\n".encode()


def _mails_in_mails(depth: int) -> bytes:
    return f"To: {ADDRESS}\n".encode() + b"Content-Type: message/rfc822\n\n" * depth + b"x"


BOMBS = {
    "30 MB": lambda: mail() + b"x" * (30 * 1024**2),
    "10,000 parts": lambda: _parts(10_000),
    "nested 5,000 deep": lambda: _nested(5000),
    "mails in mails": lambda: _mails_in_mails(5000),
    "200,000 headers": lambda: b"".join(b"X-%d: y\n" % n for n in range(200_000)) + mail(),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_quickly_in_little_memory(name: str) -> None:
    raw = BOMBS[name]()
    tracemalloc.start()
    begin = time.process_time()
    with pytest.raises(MailRefused):
        parse(raw)
    parse_head(raw)
    spent, peak = time.process_time() - begin, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spent < 3
    assert peak < 3 * len(raw) + 20 * 1024**2


@pytest.mark.parametrize("row", [b"boundary" + b" " * 200_000, b"boundary*" + b"0" * 200_000, b"1" * 200_000])
def test_a_mail_with_one_long_row_is_read_at_once(row: bytes) -> None:
    """A pattern that could divide the row in several ways would take days."""
    assert parse(mail("Yes.\n") + b"\n" + row).text.startswith("Yes.")


def test_the_headers_of_a_bomb_are_still_read() -> None:
    assert parse_head(_parts(10_000)).tokens == [TOKEN]
    assert parse_head(mail() + b"x" * MAX_BYTES).sender == "anna@shopper.example"


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/mixed; " + b";" * 200_000 + b"boundary=b\n\n--b\n\nx",
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nx",
        b"To: " + b'"a" <a@b.c>, ' * 50_000 + b"\n\nx",
        b"From: " + b"((((" * 50_000 + b"\n\nx",
        b"Message-ID: " + b"<" * 500_000 + b"\n\nx",
        b"\r" * 1_000_000,
        b"Content-Type: text/html\n\n" + b"<!--" * 70_000,
        b"Content-Type: text/html\n\n" + b"<a " * 90_000,
        b"Content-Type: text/html\n\n" + b"<div>" * 60_000,
        b"Content-Type: text/html\n\n" + b"<div>" * 4_900,
        b"Content-Type: text/html\n\n" + b"<![CDATA[" * 4_900,
        b"Content-Type: text/html\n\n" + b"<" + b"a=\"'" * 60_000,
        b"Content-Type: text/html\n\n" + b"&#x;" * 60_000,
        b"Content-Type: text/html\n\n<p " + b"a=" * 120_000,
        b"Content-Type: text/html\n\n" + b"<!--" * 4_900 + b"x" * 200_000,
    ],
)
def test_what_is_built_to_take_long_takes_a_moment(raw: bytes) -> None:
    begin = time.process_time()
    with suppress(MailRefused):
        parse(raw)
    head_of(raw)
    assert time.process_time() - begin < 3


def test_html_of_many_tags_is_still_text() -> None:
    assert html_to_text("<p>a</p>" * 6000).split() == ["a"] * 6000


PIECES = (
    b"Content-Type: |multipart/mixed; boundary=b|multipart/report; boundary=b|text/html|\n|\n\n|--b\n|--b--|"
    b"message/rfc822|message/delivery-status|charset=|=?utf-8?b?|?=|\xff\xfe|Content-Transfer-Encoding: base64|"
    b"x-uuencode|begin 644 a|filename*=utf-8''%|<a|To: |\0"
).split(b"|")


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=30), max_size=40).map(b"".join))
@settings(max_examples=300, deadline=None)
def test_no_bytes_whatever_raise_anything_but_a_refusal(raw: bytes) -> None:
    try:
        read = parse(raw)
    except MailRefused:
        read = parse_head(raw)
    assert "\0" not in read.text + read.sender + read.subject
    read.text.encode()
    read.sender.encode()
    read.subject.encode()
