"""A parcel arrives broken: from the message to the case with its evidence, and the shopper types nothing twice."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from signoff.models import Parcel
from signoff.parcels.watch import watch
from tests.factories import ParcelFactory, ParcelLineFactory
from tests.figures import Figure, record
from tests.steps import desk_pages, shopper_pages
from tests.steps.browser_users import LANTERN, People, photo

Jobs = Callable[[], None]
VASE = "Blue vase"


@dataclass
class Thumb:
    """Counts what a shopper's thumb does on the page."""

    page: Page
    taps: list[str] = field(default_factory=list)

    def tap(self, words: str, role: str = "") -> None:
        self.taps.append(words)
        found = self.page.get_by_role(role, name=words) if role else self.page.get_by_text(words, exact=True)
        found.click()

    def photograph(self, path: Path, album: str) -> None:
        """Two taps: the field opens the camera, which asks whether to use the photo."""
        self.taps += [f"camera: {path.name}", f"use: {path.name}"]
        box = self.page.locator(f"#{album}")
        shown = box.get_by_role("img").count()
        box.locator("input[type=file]").first.set_input_files(path)
        expect(self.page.locator(f"#{album} img")).to_have_count(shown + 1)


def deliver(people: People) -> Parcel:
    """Everything in one parcel that the carrier reported an hour ago."""
    now = timezone.now()
    delivered = now - timedelta(hours=1)
    parcel = ParcelFactory(order=people.order, shipped_at=now - timedelta(days=2), delivered_at=delivered)
    for line in people.order.lines.all():
        ParcelLineFactory(parcel=parcel, order_line=line, quantity=line.quantity)
    watch(parcel, now=now)
    return parcel


def link_in_the_mail(people: People) -> str:
    """The path of the sign-off page."""
    return re.search(r"https?://[^/\s]+(/sign/\S+)", shopper_pages.mails(people.order))[1]


@contextmanager
def measured(thumb: Thumb) -> Iterator[None]:
    """Write down how many taps it takes, and for how long the pages keep the shopper waiting; judge by the taps."""
    begun = time.perf_counter()
    yield
    record(Figure("Stories", "Refuse a broken parcel: waiting for pages", time.perf_counter() - begun, "s", "≤ 45"))
    assert record(Figure("Stories", "Refuse a broken parcel", len(thumb.taps), "taps", "≤ 9")).met, thumb.taps


def snap(page: Page, name: str) -> None:
    if folder := os.environ.get("SNAPS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_parcel_refused_with_photos_is_a_case_with_evidence(
    people: People, run_jobs: Jobs, tmp_path: Path, axe: Callable[[Page], None]
) -> None:
    parcel = deliver(people)
    run_jobs()
    page, thumb = people.shopper, Thumb(people.shopper)
    with measured(thumb):
        refuse(thumb, link_in_the_mail(people), tmp_path)
    assert parcel.sign_offs.get().outcome == "refused"

    run_jobs()
    page.reload()
    number = re.search(r"Your request is (R-\d+-\d). We're working on it", page.get_by_role("main").inner_text())[1]
    axe(page)
    snap(page, "receipt-phone")
    agent_has_it(people, number, axe)
    shopper_follows_it(people, number)


def refuse(thumb: Thumb, link: str, folder: Path) -> None:
    """The outside and the vase are photographed, the parcel goes back with the carrier."""
    thumb.page.goto(link)
    thumb.tap("Report a problem")
    thumb.photograph(photo(folder, "box.jpg"), "outside")
    thumb.photograph(photo(folder, "corner.jpg", colour="teal"), "outside")
    thumb.tap("Refuse the parcel at the door")
    thumb.page.locator(".confirm-panel").get_by_text("Damaged").click()
    thumb.taps.append("Damaged")
    thumb.tap("Refuse the whole parcel", role="button")
    shopper_pages.heading(thumb.page, "The parcel was refused")


def agent_has_it(people: People, number: str, axe: Callable[[Page], None]) -> None:
    """First in the queue, with all units, the reason, and both photos."""
    page = people.agent
    assert desk_pages.take_next(page) == number
    matter = page.locator(".case-matter")
    for words in (f"3 × {LANTERN}", VASE, "It arrived broken", "3 × damaged in transit"):
        expect(matter).to_contain_text(words)
    expect(page.locator(".strip img")).to_have_count(2)
    expect(matter).to_contain_text("Case opened automatically from problems at sign-off")
    axe(page)
    snap(page, "case-desk")
    page.locator(".case-do").get_by_role("link", name="Propose plan").click()
    desk_pages.expect_money(page, {f"3 × {LANTERN}": "€60.00", f"1 × {VASE}": "€35.00", "To refund": "€95.00"})


def shopper_follows_it(people: People, number: str) -> None:
    """The mail has the number too, and the page shows what was said without another word."""
    assert number in shopper_pages.mails(people.order)
    page = people.shopper
    shopper_pages.come_back(page, people.order, people.url)
    page.reload()
    page.get_by_role("link", name=number).click()
    shopper_pages.heading(page, f"Request {number}")
    expect(page.get_by_role("region", name="Your request", exact=True)).to_contain_text("It arrived broken")
    expect(page.get_by_role("region", name="Progress so far")).to_contain_text(
        "Request opened from what you told us on delivery"
    )
    snap(page, "case-phone")


def test_what_is_missing_is_asked_to_be_sent(people: People, run_jobs: Jobs) -> None:
    deliver(people)
    run_jobs()
    page = people.shopper
    page.goto(link_in_the_mail(people))
    page.get_by_text("Report a problem", exact=True).click()
    page.locator(".sign-line summary", has_text=LANTERN).click()
    page.get_by_label("How many arrived?").fill("2")
    page.get_by_role("button", name="Submit report").click()
    shopper_pages.heading(page, "The parcel has been signed for")
    run_jobs()
    agent = people.agent
    desk_pages.take_next(agent)
    expect(agent.locator(".case-matter")).to_contain_text("1 × missing")
    expect(agent.locator(".case-matter")).to_contain_text("resend")
