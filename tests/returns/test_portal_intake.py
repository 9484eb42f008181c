"""A request in three steps: nothing typed or uploaded is lost, and what is sent is sent once."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from feedback.messages.facts import facts_of
from returns.intake.drafts import AlreadySent, choose, describe, forget_old, start
from returns.intake.promised_date import sign_promise
from returns.intake.submit import Incomplete, submit
from returns.lifecycle.actions import move
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, Draft, Evidence
from signoff.models import Order, OrderLine
from signoff.web import formatting
from tests.factories import OrderFactory, ReasonFactory, make_case
from tests.pictures.corpus import upload
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db

GOOD, EMPTY = "orient_landscape_1.jpg", "empty.jpg"
SAID = {"line1-reason": "defective", "line1-wish": "refund", "line1-words": "It flickers."}


@pytest.fixture
def order() -> Order:
    order = OrderFactory(lines=[(3, "20.00"), (1, "50.00")])
    ReasonFactory(shop=order.shop)
    ReasonFactory(shop=order.shop, code="damaged", title_en="It arrived damaged", photos_required=2)
    return order


@pytest.fixture
def shopper(client: Client, order: Order) -> Client:
    return enter(client, order)


@pytest.fixture
def draft(order: Order) -> Draft:
    """One unit of the first line is chosen, nothing is said of it yet."""
    return choose(start(order), quantities={order.lines.first().pk: 1})


def pages(draft: Draft) -> dict[str, str]:
    base = f"/orders/{draft.order.token}/request/"
    return {"items": base, "details": f"{base}{draft.token}/", "check": f"{base}{draft.token}/check/"}


def test_a_request_becomes_a_case(shopper: Client, order: Order) -> None:
    response = shopper.post(
        f"/orders/{order.token}/request/", {"pick-1": "on", "quantity-1": "2", "quantity-2": "1"}, follow=True
    )
    details = response.redirect_chain[-1][0]
    response = shopper.post(details, SAID, follow=True)
    check = response.redirect_chain[-1][0]
    assert "It flickers." in response.content.decode()
    response = shopper.post(check, follow=True)
    case = Case.objects.get()
    assert response.redirect_chain[-1][0] == f"/cases/{case.number}/"
    assert f"Its number is {case.number}." in response.content.decode()
    [line] = case.lines.all()
    assert (line.requested, line.reason.code, line.wish, line.words) == (2, "defective", "refund", "It flickers.")
    assert (case.channel, case.language, case.customer) == ("portal", "en", order.customer)


def test_the_language_of_the_page_is_the_language_of_the_case(shopper: Client, draft: Draft) -> None:
    shopper.cookies["django_language"] = "zh-hans"
    shopper.post(pages(draft)["details"], SAID)
    shopper.post(pages(draft)["check"])
    assert Case.objects.get().language == "zh-hans"


def test_more_than_was_bought_is_refused_and_nothing_is_lost(shopper: Client, order: Order) -> None:
    make_case(order=order, quantity=1)
    response = shopper.post(
        f"/orders/{order.token}/request/", {"pick-1": "on", "quantity-1": "9", "pick-2": "on", "quantity-2": "1"}
    )
    page = response.content.decode()
    assert "You can still request 2 units of" in page
    assert 'value="9"' in page
    assert page.count("checked") == 2
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose at least one item."),
        ({"pick-1": "on", "quantity-1": "0"}, "Enter at least 1"),
        ({"pick-1": "on", "quantity-1": "-3"}, "Enter at least 1"),
        ({"pick-1": "on", "quantity-1": "two"}, "Enter the number of items in digits."),
        ({"pick-1": "on", "quantity-1": "9" * 5000}, "Enter the number of items in digits."),
        ({"pick-7": "on", "quantity-7": "1"}, "Choose at least one item."),
    ],
)
def test_what_cannot_be_chosen_gets_a_sentence(
    shopper: Client, order: Order, typed: dict[str, str], sentence: str
) -> None:
    assert sentence in shopper.post(f"/orders/{order.token}/request/", typed).content.decode()


def test_charges_and_lines_that_are_used_up_are_not_offered(shopper: Client, order: Order) -> None:
    make_case(order=order, quantity=3)
    OrderLine.objects.filter(order=order, position=2).update(kind=OrderLine.Kind.CHARGE)
    page = shopper.get(f"/orders/{order.token}/request/").content.decode()
    assert "pick-1" not in page
    assert "pick-2" not in page
    assert "Nothing left to request" in page


def test_words_are_kept_when_only_a_photo_is_refused(shopper: Client, draft: Draft) -> None:
    page = shopper.post(
        pages(draft)["details"], {"line1-words": "Just typed.", "line1-photos": [upload(EMPTY)], "upload": "1"}
    ).content.decode()
    assert "empty.jpg: this file is empty" in page
    assert "Just typed." in page


def test_photos_are_kept_at_once_even_when_the_rest_is_refused(shopper: Client, draft: Draft) -> None:
    response = shopper.post(
        pages(draft)["details"], {"line1-words": "Look!", "line1-photos": [upload(GOOD), upload(EMPTY)]}
    )
    page = response.content.decode()
    [photo] = Evidence.objects.all()
    assert photo.draft == draft
    assert f"/evidence/{photo.token}/thumbnail" in page
    assert "empty.jpg: this file is empty" in page
    assert "Choose what fits best." in page
    assert "Look!" in page


def test_a_photo_can_be_removed_and_its_files_go(
    shopper: Client, draft: Draft, django_capture_on_commit_callbacks: Any
) -> None:
    shopper.post(pages(draft)["details"], {"upload": "line1", "line1-photos": upload(GOOD)})
    photo = Evidence.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        shopper.post(pages(draft)["details"], SAID | {"remove": str(photo.token)})
    assert not Evidence.objects.exists()
    assert not photo.file.storage.exists(photo.file.name)
    assert "It flickers." in shopper.get(pages(draft)["details"]).content.decode()


def test_removing_what_is_no_photo_changes_nothing(shopper: Client, draft: Draft) -> None:
    shopper.post(pages(draft)["details"], {"upload": "line1", "line1-photos": upload(GOOD)})
    assert shopper.post(pages(draft)["details"], {"remove": "nothing"}).status_code == 302
    assert Evidence.objects.count() == 1


def test_with_htmx_only_the_photos_of_the_line_come_back(shopper: Client, draft: Draft) -> None:
    headers = {"HX-Request": "true", "HX-Target": "line1"}
    response = shopper.post(pages(draft)["details"], {"upload": "line1", "line1-photos": upload(GOOD)}, headers=headers)
    page = response.content.decode()
    assert page.strip().startswith('<div class="photos" id="line1">')
    assert str(Evidence.objects.get().token) in page


def test_at_most_twelve_photos_a_line(shopper: Client, draft: Draft) -> None:
    line = draft.order.lines.first()
    Evidence.objects.bulk_create(Evidence(draft=draft, order_line=line, file="x", thumbnail="x") for _ in range(12))
    response = shopper.post(pages(draft)["details"], {"upload": "line1", "line1-photos": upload(GOOD)})
    assert "At most 12 photos can be kept here." in response.content.decode()
    assert Evidence.objects.count() == 12


def test_missing_photos_are_asked_for_and_can_be_done_without_in_words(shopper: Client, draft: Draft) -> None:
    said = SAID | {"line1-reason": "damaged", "line1-words": ""}
    response = shopper.post(pages(draft)["details"], said)
    assert "We need 2 photos of this." in response.content.decode()
    response = shopper.post(pages(draft)["details"], said | {"line1-without_photos": "on"})
    assert "add photos, and we" in response.content.decode()
    response = shopper.post(
        pages(draft)["details"], said | {"line1-without_photos": "on", "line1-words": "My camera is broken."}
    )
    assert response.headers["Location"] == pages(draft)["check"]


def test_photos_that_are_needed_cannot_be_passed_by_on_the_way_to_the_last_page(shopper: Client, draft: Draft) -> None:
    shopper.post(pages(draft)["details"], SAID | {"line1-reason": "damaged"})
    assert shopper.get(pages(draft)["check"]).headers["Location"] == pages(draft)["details"]
    assert shopper.post(pages(draft)["check"]).headers["Location"] == pages(draft)["details"]
    assert not Case.objects.exists()


def test_words_why_there_are_no_photos_are_enough_to_send(shopper: Client, draft: Draft) -> None:
    shopper.post(pages(draft)["details"], SAID | {"line1-reason": "damaged", "line1-without_photos": "on"})
    shopper.post(pages(draft)["check"])
    assert Case.objects.exists()


def test_enough_photos_are_enough_to_send(draft: Draft, order: Order) -> None:
    line = order.lines.first()
    draft = describe(draft, said={line.pk: {"reason": "damaged", "wish": "refund"}})
    Evidence.objects.bulk_create(Evidence(draft=draft, order_line=line, file="x", thumbnail="x") for _ in range(2))
    assert submit(draft, by=order.customer, language="en").status == "submitted"


def test_photos_go_with_the_case_to_their_line(shopper: Client, draft: Draft) -> None:
    shopper.post(pages(draft)["details"], SAID | {"line1-photos": upload(GOOD)})
    shopper.post(pages(draft)["check"])
    case, photo = Case.objects.get(), Evidence.objects.get()
    assert (photo.draft, photo.case, photo.line) == (None, case, case.lines.get())
    assert photo.token.hex not in shopper.get(f"/cases/{case.number}/").content.decode()
    assert str(photo.token) in shopper.get(f"/cases/{case.number}/").content.decode()


def test_changing_the_items_keeps_what_was_said_and_drops_the_photos_of_what_left(
    shopper: Client, draft: Draft, order: Order
) -> None:
    first, second = order.lines.all()
    choose(draft, quantities={first.pk: 1, second.pk: 1})
    described = describe(draft, said={first.pk: {"reason": "defective", "wish": "repair", "words": "Flickers."}})
    shopper.post(pages(draft)["details"], SAID | {"upload": "line2", "line2-photos": upload(GOOD)})
    page = shopper.get(f"{pages(draft)['items']}?draft={draft.token}").content.decode()
    assert page.count("checked") == 2
    shopper.post(f"{pages(draft)['items']}?draft={draft.token}", {"pick-1": "on", "quantity-1": "3"})
    draft = Draft.objects.get()
    assert described.pk == draft.pk
    assert draft.data["lines"] == [
        {
            "line": first.pk,
            "quantity": 3,
            "reason": "defective",
            "wish": "refund",
            "words": "It flickers.",
            "without_photos": False,
        }
    ]
    assert not Evidence.objects.exists()


def test_sending_twice_makes_one_case(shopper: Client, draft: Draft) -> None:
    shopper.post(pages(draft)["details"], SAID)
    answers = [shopper.post(pages(draft)["check"]).headers["Location"] for _ in range(2)]
    assert answers == [f"/cases/{Case.objects.get().number}/"] * 2


def test_a_page_of_a_request_that_was_sent_leads_to_its_case(shopper: Client, draft: Draft) -> None:
    shopper.post(pages(draft)["details"], SAID)
    case = f"/cases/{submit(draft, by=draft.order.customer, language='en').number}/"
    assert shopper.get(pages(draft)["details"]).headers["Location"] == case
    assert shopper.post(pages(draft)["details"], SAID).headers["Location"] == case
    assert shopper.get(pages(draft)["check"]).headers["Location"] == case
    with pytest.raises(AlreadySent, match=Case.objects.get().number):
        describe(draft, said={})


def test_units_taken_meanwhile_lead_back_to_the_items_with_everything_kept(
    shopper: Client, draft: Draft, order: Order
) -> None:
    shopper.post(pages(draft)["details"], SAID)
    make_case(order=order, quantity=3)
    response = shopper.post(pages(draft)["check"], follow=True)
    assert response.redirect_chain[-1][0] == f"{pages(draft)['items']}?draft={draft.token}"
    assert "You can still request 0 units of" in response.content.decode()
    with pytest.raises(ExceedsOrdered, match="You can still request 0 units of"):
        submit(draft, by=order.customer, language="en")


def test_an_unfinished_request_cannot_be_sent(shopper: Client, draft: Draft) -> None:
    with pytest.raises(Incomplete):
        submit(draft, by=draft.order.customer, language="en")
    assert shopper.get(pages(draft)["check"]).headers["Location"] == pages(draft)["details"]
    assert shopper.post(pages(draft)["check"]).headers["Location"] == pages(draft)["details"]
    assert not Case.objects.exists()


def test_only_leaves_of_the_shops_own_active_reasons_are_offered(shopper: Client, draft: Draft, order: Order) -> None:
    parent = ReasonFactory(shop=order.shop, code="fault", title_en="Report a problem with it")
    ReasonFactory(shop=order.shop, code="torn", title_en="It is torn", parent=parent)
    ReasonFactory(shop=order.shop, code="old", title_en="An old reason", active=False)
    ReasonFactory(shop__slug="other", code="foreign", title_en="A foreign reason")
    page = shopper.get(pages(draft)["details"]).content.decode()
    assert '<optgroup label="Report a problem with it">' in page
    assert 'value="torn"' in page
    for code in ("fault", "old", "foreign"):
        assert f'value="{code}"' not in page
    assert "Choose what fits best." not in page
    refused = shopper.post(pages(draft)["details"], SAID | {"line1-reason": "foreign"})
    assert refused.status_code == 200


def test_requests_and_photos_of_others_do_not_exist(client: Client, draft: Draft) -> None:
    photo = Evidence.objects.create(draft=draft, file="x", thumbnail="x")
    enter(client, OrderFactory())
    for page in pages(draft).values():
        assert client.get(page).status_code == 404
        assert client.post(page, SAID).status_code == 404
    assert client.get(f"/evidence/{photo.token}/full").status_code == 404


def test_a_draft_belongs_to_its_order(shopper: Client, draft: Draft, order: Order) -> None:
    other = OrderFactory(customer=order.customer)
    enter(shopper, other)
    assert shopper.get(f"/orders/{other.token}/request/{draft.token}/").status_code == 404


def test_what_was_begun_and_never_sent_is_forgotten_after_a_month(draft: Draft, order: Order) -> None:
    Evidence.objects.create(draft=draft, file="x", thumbnail="x")
    sent = choose(start(order), quantities={order.lines.last().pk: 1})
    sent = describe(sent, said={order.lines.last().pk: {"reason": "defective", "wish": "refund"}})
    submit(sent, by=order.customer, language="en")
    forget_old(now=timezone.now() + timedelta(days=29))
    assert Draft.objects.count() == 2
    forget_old(now=timezone.now() + timedelta(days=31))
    assert [kept.pk for kept in Draft.objects.all()] == [sent.pk]
    assert not Evidence.objects.exists()


LATE = datetime(2036, 11, 30, 22, 59, 50, tzinfo=UTC)  # ten seconds before midnight in Berlin; not yet past


def decision_days(text: str) -> list[str]:
    return re.findall(r"\d{1,2} [A-Z][a-z]+ \d{4}", " ".join(text.split()))


@pytest.fixture
def promised(shopper: Client, draft: Draft) -> Iterator[tuple[str, Any]]:
    """The date of the decision that the check page shows ten seconds before midnight, and the fields of its form."""
    draft.order.shop.time_zone = "Europe/Berlin"
    draft.order.shop.save()
    with time_machine.travel(LATE, tick=False):
        enter(shopper, draft.order)
        shopper.post(pages(draft)["details"], SAID)
        page = shopper.get(pages(draft)["check"])
        yield decision_days(page.text)[0], {"promised": page.context["promised"]}


@pytest.mark.parametrize("waited", [timedelta(seconds=1), timedelta(seconds=20), timedelta(minutes=59)])
def test_one_date_of_the_decision_is_promised_on_every_page_and_in_the_mail(
    shopper: Client, draft: Draft, promised: tuple[str, Any], waited: timedelta
) -> None:
    day, fields = promised
    assert day == "1 December 2036"
    with time_machine.travel(LATE + waited, tick=False):
        shopper.post(pages(draft)["check"], fields)
        case = Case.objects.get()
        status = shopper.get(f"/cases/{case.number}/").text
    assert f"You&#x27;ll hear from us by {day}." in status
    assert facts_of(case.log.get())["due"] == day
    assert formatting.day(case.due_at, "Europe/Berlin") == day


def test_a_page_that_was_open_for_days_is_shown_again_with_the_new_date(
    shopper: Client, draft: Draft, promised: tuple[str, Any]
) -> None:
    with time_machine.travel(LATE + timedelta(days=3), tick=False):
        enter(shopper, draft.order)
        response = shopper.post(pages(draft)["check"], promised[1], follow=True)
        assert not Case.objects.exists()
        assert "our date has moved to 4 December 2036" in response.text
        shopper.post(pages(draft)["check"], {"promised": response.context["promised"]})
    assert facts_of(Case.objects.get().log.get())["due"] == "4 December 2036"


@pytest.mark.parametrize("sent", ["", "nonsense", "moved"])
def test_a_promise_that_is_not_ours_is_not_kept(shopper: Client, draft: Draft, sent: str) -> None:
    shopper.post(pages(draft)["details"], SAID)
    if sent == "moved":  # to another request
        sent = sign_promise(start(draft.order), timezone.now() + timedelta(days=900))
    shopper.post(pages(draft)["check"], {"promised": sent})
    case = Case.objects.get()
    assert case.due_at - case.opened_at == timedelta(hours=24)


def test_a_plan_that_waits_for_approval_keeps_the_promised_date(order: Order) -> None:
    case = make_case(order=order, now=timezone.now() - timedelta(hours=20))
    promised = case.due_at
    for step in (Case.propose, Case.send_back, Case.propose):
        case = move(case, step, by=None)
        assert case.due_at == promised
    assert move(case, Case.authorise, by=None).due_at > promised + timedelta(days=13)
