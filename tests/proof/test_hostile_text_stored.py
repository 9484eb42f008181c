"""Naughty words that are in the database already: on every page, in mails, on the packing slip, in the admin."""

import email
import email.policy
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from feedback.messages.actions import read_logbook
from feedback.messages.outbox import send_due
from feedback.models import Message
from feedback.parcel_notices.actions import notify_deliveries
from returns.portal.packing_slip import slip_pdf
from returns.review import actions as review
from signoff.lookup.codes import send_codes
from signoff.models import EntryCode
from tests.factories import CustomerFactory, OrderFactory, ShopFactory, UserFactory, WatchFactory, make_case
from tests.proof.hostile_text.html_reader import Page, ran
from tests.proof.hostile_text.pages import pages
from tests.proof.hostile_text.shop import Site, open_site, undone
from tests.proof.hostile_text.stored_strings import plant
from tests.proof.hostile_text.strings import HEADERS, MARKUP, SHORT, TEMPLATES, TYPST

type Told = Callable[..., None]
PACKS = [" ".join(pack) for pack in batched(SHORT, 6, strict=False)]
OF_A_MAIL = {
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
    "Content-Transfer-Encoding", "In-Reply-To", "References",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with open_site(django_db_blocker) as opened:
        yield opened


def looked_at(site: Site, texts: tuple[str, ...], only: str = "") -> tuple[int, int, list[str]]:
    """Open the pages with the texts in every column; how many columns and pages, and what is wrong with them."""
    wrong = []
    with undone():
        planted = plant(texts)
        visits = [visit for visit in pages() if only in visit.name]
        for visit in visits:
            answer = site.client(visit.who).get(visit.path(site.world))
            if answer.status_code != visit.status:
                wrong.append(f"{visit} answered {answer.status_code}")
            page = Page(answer.text)
            wrong += [f"{visit}: {fault}" for fault in page.foreign + ran(page)]
    return len(planted), len(visits), wrong


def test_every_page_shows_them_as_words(site: Site, size: Callable[[int, int], int], figure: Told) -> None:
    columns, opened, wrong, rounds = 0, 0, [], size(1, 8)
    for at in range(rounds):
        columns, count, found = looked_at(site, tuple(PACKS[at::rounds]))
        opened += count
        wrong += found
    assert wrong == []
    figure("hostile text", "columns that people fill, filled with hostile text", columns, "", "≥ 25")
    figure("hostile text", "pages opened over them, admin included", opened, "", f"≥ {size(120, 960)}")
    figure("hostile text", "pages on which any of them is more than words", len(wrong), "", "= 0")


def test_a_page_that_trusts_is_found(site: Site, tmp_path: Path) -> None:
    """The negative control: one template that shows the shopper's words as they are."""
    own = django_settings.BASE_DIR / "templates" / "feedback" / "desk" / "_thread.html"
    trusting = own.read_text().replace("{{ item.words|post_words }}", "{{ item.words|safe }}")
    assert "words|safe" in trusting
    (tmp_path / "feedback" / "desk").mkdir(parents=True)
    (tmp_path / "feedback" / "desk" / own.name).write_text(trusting)
    [engine] = django_settings.TEMPLATES
    with override_settings(TEMPLATES=[engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]):
        _columns, _pages, wrong = looked_at(site, MARKUP[:1], only="returns:case")
    assert [fault for fault in wrong if "<hw-x" in fault]


@pytest.mark.django_db(transaction=True)
def test_a_mail_has_our_headers_and_their_words(size: Callable[[int, int], int], figure: Told) -> None:
    texts = [text.replace("\x00", "") for text in (*HEADERS, *MARKUP, *TEMPLATES)]
    for at, text in enumerate(texts[:: size(5, 1)]):
        shop = ShopFactory(slug=f"shop-{at}", name=text[:100])
        customer = CustomerFactory(shop=shop, name=text, email="anna@shopper.example")
        order = OrderFactory(shop=shop, customer=customer, number=f"{text[:60]}{at}")
        order.lines.update(title=text)
        EntryCode.objects.create(order=order, created_at=timezone.now(), expires_at=timezone.now() + timedelta(hours=1))
        review.request_information(make_case(order=order), by=UserFactory(role="agent"), question=text or "?")
        due = timezone.now() + timedelta(days=7)
        WatchFactory(parcel__order=order, parcel__carrier=text[:60], sign_due_at=due)
    read_logbook()
    assert notify_deliveries() == at + 1
    send_due()
    send_codes()
    assert list(Message.objects.exclude(status=Message.Status.SENT).values_list("subject", "failure")) == []
    for sent in mail.outbox:
        judge_mail(sent.message().as_bytes())
    figure(
        "hostile text",
        "mails about hostile names, with our headers and no others",
        len(mail.outbox),
        "",
        f"≥ {size(40, 200)}",
    )


def judge_mail(octets: bytes) -> None:
    """Only our own headers, one receiver, and no markup but ours."""
    parsed = email.message_from_bytes(octets, policy=email.policy.default)
    assert set(parsed.keys()) <= OF_A_MAIL
    assert [address.addr_spec for address in parsed["To"].addresses] == ["anna@shopper.example"]
    for part in parsed.walk():
        if part.get_content_type() == "text/html":
            page = Page(part.get_content())
            assert [trace for trace in page.foreign if not trace.endswith(" style>")] == []
            assert ran(page) == []


def test_the_judge_finds_a_header_too_many() -> None:
    with pytest.raises(AssertionError):
        judge_mail(b"To: anna@shopper.example\r\nSubject: a\r\nBcc: evil@evil.example\r\n\r\nx")


@pytest.mark.django_db
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed (Debian: poppler-utils)")
def test_the_packing_slip_prints_them(size: Callable[[int, int], int], figure: Told) -> None:
    printed = 0
    for text in (*TYPST, *SHORT)[:: size(25, 2)]:
        kept = text.replace("\x00", "")[:200]
        shop = ShopFactory(slug=f"shop-{printed}", name=kept[:100], return_address=kept)
        order = OrderFactory(shop=shop, number=f"{kept[:60]}{printed}")
        order.lines.update(title=kept, sku=kept[:80])
        words = text_of(slip_pdf(make_case(order=order), language="en"))
        if text.isascii() and text.isprintable():
            assert "".join(kept.split()) in "".join(words.split()), kept
        assert "root:" not in words
        assert "1337" not in words
        printed += 1
    figure("hostile text", "return slips with hostile text, printed as they are", printed, "", f"≥ {size(10, 100)}")


def text_of(pdf: bytes) -> str:
    return (
        subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
        .stdout.decode()
        .replace("\u200b", "")
    )
