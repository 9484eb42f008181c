"""The nine steps of a case over HTTP: by the product's own pages, and as nine JSON writes to the plain app."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from feedback.surveys.actions import send_survey
from refunds.payouts.worker import answer, claim
from refunds.settlement.actions import meet_verdict
from returns.models import Case, Line
from tests.bench.browser import Browser, Drawn

SECRET = "c" * 32  # the browser's CSRF cookie
WORDS = "Two of them stay dark."


@dataclass(frozen=True)
class Desk:
    """The browsers of the three people at the desk."""

    agent: Browser
    manager: Browser
    inspector: Browser


class Visit:
    """One case: every form is opened as a page first, unless ``pages`` is off; then its hidden fields are known."""

    def __init__(self, desk: Desk, shopper: Browser, *, pages: bool) -> None:
        self.desk, self.shopper, self.pages = desk, shopper, pages

    def run(self, order: str) -> None:
        """From the order's page to the end, with what the workers do in between."""
        number = self.request(order)
        line = Line.objects.values_list("pk", flat=True).get(case__number=number)
        case = f"/desk/cases/{number}"
        plan = {f"line{line}-remedy": "refund", f"line{line}-quantity": 2, "gateway": "store_credit"}
        self.send(self.desk.agent, f"{case}/propose/", plan | {"goods_come_back": "on"}, seen=1)
        self.send(self.desk.manager, f"{case}/authorise/", {"answer": "approve"}, seen=2)
        parcel = {"carrier": "DHL", "tracking_number": "JD014600003RU"}
        self.send(self.shopper, f"/cases/{number}/ship/", parcel, seen=4, drawn_on=f"/cases/{number}/")
        self.send(self.desk.inspector, f"{case}/receive/", {f"count_{line}": 2}, seen=5)
        verdict = {f"line{line}-verdict": "as_claimed", f"line{line}-disposition": "scrap"}
        self.send(self.desk.inspector, f"{case}/inspect/", verdict, seen=6)
        survey = by_workers(number)
        self.send(self.shopper, f"/survey/{survey}/", {"satisfaction": 5, "ease": 4, "close": "on"})

    def request(self, order: str) -> str:
        """The shopper asks for something; the number of the case."""
        details = self.send(self.shopper, f"/orders/{order}/request/", {"pick-1": "on", "quantity-1": 2})
        said = {"line1-reason": "defective", "line1-wish": "refund", "line1-words": WORDS}
        check = self.send(self.shopper, details, said)
        return self.send(self.shopper, check, {}).strip("/").rpartition("/")[2]

    def send(self, who: Browser, path: str, typed: dict[str, object], *, seen: int = 0, drawn_on: str = "") -> str:
        """Open the page, fill its form in and send it; where it leads to."""
        known = {"csrfmiddlewaretoken": SECRET, "seen": seen}
        drawn = Drawn(who.get(drawn_on or path)).fields if self.pages else {}
        return who.post(path, known | drawn | typed)


def by_workers(number: str) -> str:
    """What the workers do for the case: meet the verdict, pay, ask. Returns the survey's token."""
    case = meet_verdict(Case.objects.select_related("order", "customer").get(number=number))
    refund = claim(timezone.now(), only=case.refunds.get())
    answer(refund)
    return send_survey(case).token


def run_plain_case(browser: Browser, order: str) -> None:
    """The same nine steps, each one JSON write."""
    told = {"order": order, "article": "LMP-1", "quantity": 2, "words": WORDS}
    steps: Sequence[tuple[str, dict[str, object]]] = (
        ("propose", {"amount": "40.00", "note": ""}),
        ("approve", {"note": ""}),
        ("ship", {"tracking_number": "JD014600003RU"}),
        ("receive", {"received": 2}),
        ("inspect", {"verdict": "as_claimed"}),
        ("settle", {"amount": "40.00"}),
        ("pay", {"reference": "SC-1"}),
        ("close", {"satisfaction": 5}),
    )
    number = browser.write("/returns/", told)["number"]
    for name, more in steps:
        browser.write(f"/returns/{number}/{name}/", more)
