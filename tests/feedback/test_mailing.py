"""The words of a message as HTML."""

import re

import pytest

from feedback.messages.actions import write_message
from feedback.messages.render_mail import Block, blocks_of, html_of, mail_of
from signoff.models import Shop
from signoff.web.colours import derive
from tests.factories.case_messages import make_topic_entry

PAGE = "http://127.0.0.1:8000/cases/R-1/"


def test_text_is_parted_into_paragraphs_and_the_way_to_our_page() -> None:
    text = f"Hello,\r\n\r\none line\nand another:\n{PAGE}\n\n{PAGE} inside words\n\n\nBye"
    assert blocks_of(text) == [
        Block(words="Hello,"),
        Block(words="one line\nand another:"),
        Block(link=PAGE),
        Block(words=f"{PAGE} inside words"),
        Block(words="Bye"),
    ]


@pytest.mark.parametrize("line", ["https://elsewhere.example/x", "http://127.0.0.1:80001/", "http://127.0.0.1:8000"])
def test_an_address_that_is_not_ours_is_no_button(line: str) -> None:
    assert blocks_of(line) == [Block(words=line)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "font"), [("en", "Segoe UI"), ("zh-hans", "PingFang SC"), ("zh-hant", "PingFang TC")]
)
def test_the_html_part_says_the_same_without_anything_from_elsewhere(language: str, font: str) -> None:
    message = write_message(make_topic_entry("information_wanted", language=language))
    letter = mail_of(message)
    html = html_of(message)

    assert [(part.content, part.mimetype) for part in letter.alternatives] == [(html, "text/html")]
    assert f'<html lang="{language}"' in html
    assert font in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<img|<link|<script|url\(|@import|src=", html)
    assert set(re.findall(r'href="([^"]+)"', html)) == {f"http://127.0.0.1:8000/cases/{message.case.number}/"}
    assert "Which lamp is broken? A photo would help.<br>Thank you." in html
    assert "Lantern &amp; Loom" in html


@pytest.mark.django_db
def test_the_button_has_the_shops_colour_and_the_text_is_the_same() -> None:
    message = write_message(make_topic_entry("information_wanted"))
    plain = html_of(message)
    message.shop.colour = "#0b5563"
    branded = html_of(message)
    assert (plain.count("#4f46e5"), branded.count("#4f46e5"), branded.count("#0b5563")) == (3, 0, 3)
    dark = derive("#0b5563", "dark").text
    assert plain.replace("#4f46e5", "#0b5563").replace("#a5b4fc", dark) == branded
    assert mail_of(message).body == message.text


@pytest.mark.django_db
def test_what_people_wrote_is_escaped() -> None:
    message = write_message(make_topic_entry("received"))
    message.text = "<script>alert(1)</script> & https://shop.example/<b>"
    html = html_of(message)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.django_db
def test_nobody_is_asked_to_reply_where_nobody_would_read_it() -> None:
    message = write_message(make_topic_entry("received"))
    assert "reply to this e-mail" in html_of(message)
    message.case.shop = Shop(name="Mute", email="")
    assert "reply to this e-mail" not in html_of(message)
    assert mail_of(message).reply_to == []


@pytest.mark.django_db
def test_the_senders_name_may_have_commas_and_chinese() -> None:
    message = write_message(make_topic_entry("received"))
    for name in ("Loom, Lantern & Sons", "灯笼与织机"):
        message.case.shop = Shop(name=name)
        assert mail_of(message).message()["From"].addresses[0].display_name == name
