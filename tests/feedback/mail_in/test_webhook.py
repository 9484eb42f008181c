"""The webhook for mails: signed over the raw bytes, stored once, then 200."""

import base64
import time
from typing import Any

import pytest
from django.test import Client

from feedback.models import InboundMail
from tests.feedback.mail_in.mails import mail, signed

pytestmark = pytest.mark.django_db
URL = "/hooks/mail/standard/"
OLD, NEW = "an-old-secret", "whsec_" + base64.b64encode(b"a new secret").decode()


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.MAIL_HOOKS = {"standard": [OLD, NEW]}


def headers(raw: bytes, *, key: bytes = b"a new secret", at: float | None = None) -> dict[str, str]:
    return signed(raw, key=key, at=at)


def send(raw: bytes, sent: dict[str, str], url: str = URL) -> tuple[int, str]:
    answer = Client().post(url, raw, content_type="message/rfc822", headers=sent)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("key", [OLD.encode(), b"a new secret"])
def test_a_mail_signed_with_any_current_secret_is_stored(key: bytes) -> None:
    raw = mail()
    assert send(raw, headers(raw, key=key)) == (200, "")
    row = InboundMail.objects.get()
    assert (bytes(row.raw), row.size, row.door, row.outcome) == (raw, len(raw), InboundMail.Door.WEBHOOK, "")


def test_the_same_mail_again_is_200_and_one_row() -> None:
    raw = mail()
    assert [send(raw, headers(raw))[0] for _ in range(2)] == [200, 200]
    assert InboundMail.objects.count() == 1


@pytest.mark.parametrize("clock", [-301, 301, -(10**6)])
def test_a_clock_that_is_off_is_refused(clock: int) -> None:
    raw = mail()
    assert send(raw, headers(raw, at=time.time() + clock)) == (
        401,
        "This e-mail was signed more than five minutes ago or later than now. Set the clock and send it again.",
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"webhook-signature": "v1,AAAA"}, "The signature of this e-mail is wrong."),
        ({"webhook-signature": "v1,灯"}, "The signature of this e-mail is wrong."),
        ({"webhook-id": "m2"}, "The signature of this e-mail is wrong."),
        ({"webhook-signature": ""}, "This e-mail is not signed."),
        ({"webhook-timestamp": "soon"}, "The time of this e-mail's signature is missing."),
    ],
)
def test_what_is_not_rightly_signed_is_refused(change: dict[str, str], sentence: str) -> None:
    raw = mail()
    status, words = send(raw, headers(raw) | change)
    assert (status, words.startswith(sentence), InboundMail.objects.count()) == (401, True, 0)


def test_a_changed_byte_is_refused() -> None:
    raw = mail()
    assert send(raw + b" ", headers(raw))[0] == 401


def test_without_a_secret_nothing_is_accepted(settings: Any) -> None:
    settings.MAIL_HOOKS = {"standard": [""]}
    raw = mail()
    assert send(raw, headers(raw, key=b""))[0] == 401


def test_thirty_megabytes_are_refused_before_they_are_read() -> None:
    raw = b"x" * (30 * 1024**2)
    assert send(raw, headers(b"")) == (
        413,
        "This e-mail is larger than 25 MB. Let the mail server send it back to its sender.",
    )


def test_more_than_a_form_may_send_is_stored() -> None:
    raw = mail() + b"x" * (6 * 1024**2)
    assert send(raw, headers(raw))[0] == 200


def test_nothing_and_an_unknown_provider_are_refused() -> None:
    assert send(b"", headers(b""))[0] == 400
    assert send(b"x", headers(b"x"), "/hooks/mail/other/")[0] == 404
