"""The pages on which the desk writes a plan or an offer, and on which the shopper answers."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from refunds.approvals.actions import send_back
from refunds.pricing.queries import plan_in_force
from returns.lifecycle.actions import move
from returns.models import Case
from returns.models.evidence import Draft
from signoff.lookup.session import KEY
from tests.factories import OrderFactory, ReasonFactory, UserFactory, make_case
from tests.factories.settlements import make_plan
from tests.steps.plans import add_shipping, inspect_case, offer_plan, propose_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> User:
    user = UserFactory(role="agent")
    client.force_login(user)
    return user


def typed(case: Case, **changes: Any) -> dict[str, Any]:
    """What a browser sends from the page as it was suggested, with ``changes``."""
    line = f"line{case.lines.get().pk}"
    data = {
        "seen": case.seq,
        "gateway": "manual",
        "goods_come_back": "on",
        "note": "",
        f"{line}-remedy": "refund",
        f"{line}-quantity": "2",
        f"{line}-amount": "",
    }
    return data | {(f"{line}-{name}" if f"{line}-{name}" in data else name): value for name, value in changes.items()}


def page(case: Case, step: str = "propose") -> str:
    return f"/desk/cases/{case.number}/{step}/"


def test_the_page_suggests_a_plan_and_shows_its_price(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    html = client.get(page(case)).content.decode()
    assert "€40.00" in html
    assert "2 units: list price 40.00 − discount 0.00 = 40.00" in html
    assert "card" in html
    assert "Propose plan" in html


def test_a_plan_is_proposed(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    answer = client.post(page(case), typed(case, amount="12.34", note="Scratched."), follow=True)
    plan = plan_in_force(case)
    assert "It now needs approval" in answer.content.decode()
    assert (plan.total, plan.note, plan.proposed_by, plan.goods_come_back) == (
        Decimal("12.34"),
        "Scratched.",
        agent,
        True,
    )


def test_a_plan_for_goods_that_are_here_shows_what_the_bench_found_and_is_made_without_it(
    client: Client, agent: User
) -> None:
    case = move(move(make_case(quantity=2), Case.propose, by=None), Case.authorise, by=None)
    case = inspect_case(case, verdict="other_fault")
    assert "another fault" in client.get(page(case)).content.decode()
    answers = typed(case)
    with CaptureQueriesContext(connection) as sent:
        client.post(page(case), answers)
    assert plan_in_force(case)
    told = [query["sql"] for query in sent]
    assert not [sql for sql in told if "inspection_finding" in sql]
    assert len([sql for sql in told if sql.startswith("SELECT") and 'FROM "returns_line"' in sql]) == 2


def test_shipping_is_refunded_when_ticked(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    charge = add_shipping(case)
    client.post(page(case), typed(case) | {f"shipping{charge.pk}-refund": "on", f"shipping{charge.pk}-amount": "1.95"})
    assert plan_in_force(case).total == Decimal("41.95")


def test_recalculating_changes_nothing(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    html = client.post(page(case), typed(case, amount="5", recalculate="yes")).content.decode()
    assert "5.00 of the 40.00 paid for 2 units" in html
    assert 'value="5"' in html
    assert (case.resolutions.count(), case.log.count()) == (0, 1)


def test_htmx_gets_only_the_money(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    answer = client.post(page(case), typed(case, amount="5", recalculate="yes"), headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.strip().startswith("<div")
    assert "€5.00" in html
    assert "<form" not in html
    assert "HX-Request" in answer.headers["Vary"]


def test_amounts_that_htmx_still_asks_for_after_the_plan_was_sent_change_nothing(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    client.post(page(case), typed(case))
    late = typed(case, amount="5", recalculate="yes")
    assert client.post(page(case), late, headers={"HX-Request": "true"}).status_code == HTTPStatus.NO_CONTENT
    assert client.post(page(case), late).status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "40.01"}, "40.01 is more than the 40.00 left to refund."),
        ({"amount": "1.234"}, "Ensure that there are no more than 2 decimal places."),
        ({"quantity": "3"}, "This case covers 2 units of “Paper lantern, large”, not 3. Lower the quantity."),
        ({"quantity": ""}, "Enter how many"),
        ({"remedy": ""}, "Choose a remedy for at least one item"),
        ({"remedy": "compensation"}, "Enter the compensation"),
        ({"remedy": "resend"}, "need the goods. Untick"),
        ({"gateway": "cash"}, "Select a valid choice"),
    ],
)
def test_a_refused_plan_says_why_and_keeps_what_was_typed(
    client: Client, agent: User, changes: dict, sentence: str
) -> None:
    case = make_case(quantity=2)
    html = client.post(page(case), typed(case, note="Keep me.", **changes)).content.decode()
    assert sentence in html
    assert "Keep me." in html
    assert case.resolutions.count() == 0


def test_a_stale_page_keeps_what_was_typed_and_can_be_sent_again(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    answer = client.post(page(case), typed(case, seen=case.seq - 1, note="Keep me."))
    html = answer.content.decode()
    assert "Its status is now" in html
    assert "Keep me." in html
    assert f'name="seen" value="{case.seq}"' in html


def test_an_empty_page_is_shown_again(client: Client, agent: User) -> None:
    assert client.post(page(make_case()), {}).status_code == 200


def test_a_page_that_came_too_late_leads_back_to_the_case(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    propose_plan(case)
    assert client.get(page(case)).headers["Location"] == case.get_absolute_url()
    answer = client.post(page(case), typed(case) | {"note": "Keep me."})
    assert answer.status_code == 409
    assert "has moved on. Its status is now “awaiting approval”" in answer.text
    assert "Keep me." in answer.text
    assert f'href="{case.get_absolute_url()}"' in answer.text


def test_a_plan_that_was_sent_back_is_shown_with_the_reason(client: Client, agent: User) -> None:
    case = send_back(
        propose_plan(make_case()), by=UserFactory(role="manager", first_name="Nia"), note="Ask for a photo."
    )
    html = client.get(page(case)).content.decode()
    assert "Sent back by Nia Sato" in html
    assert "Ask for a photo." in html


@pytest.mark.parametrize("step", ["propose", "offer", "accept_offer", "decline_offer"])
def test_only_reviewers_write_plans(client: Client, step: str) -> None:
    client.force_login(UserFactory(role="inspector"))
    assert client.get(page(make_case(), step)).status_code == 403


def test_an_offer_needs_words_and_asks_the_shopper(client: Client, agent: User) -> None:
    case = make_case(quantity=2)
    assert "This field is required" in client.post(page(case, "offer"), typed(case, words="")).content.decode()
    client.post(page(case, "offer"), typed(case, words="Half of it?", amount="20"))
    case = Case.objects.get(pk=case.pk)
    assert (case.status, plan_in_force(case).total) == (Case.Status.AWAITING_APPROVAL, 20)
    client.force_login(UserFactory(role="manager"))
    html = client.get(page(case, "authorise")).content.decode()
    assert "Half of it?" in html
    assert "the shopper can accept this offer, and it is carried out without another approval" in html
    answered = client.post(page(case, "authorise"), {"seen": case.seq, "answer": "approve"}, follow=True)
    assert "now has the offer; their yes needs nobody else" in answered.content.decode()
    assert Case.objects.get(pk=case.pk).status == Case.Status.OFFERED


@pytest.mark.parametrize(("step", "status"), [("accept_offer", "authorised"), ("decline_offer", "submitted")])
def test_an_agent_records_the_shoppers_answer(client: Client, agent: User, step: str, status: str) -> None:
    case = offer_plan(make_case())
    assert "€20.00" in client.get(page(case, step)).content.decode()
    client.post(page(case, step), {"seen": case.seq, "words": "By telephone."})
    assert Case.objects.get(pk=case.pk).status == status
    assert client.get(page(case, step)).headers["Location"] == case.get_absolute_url()


# The shopper


def enter(client: Client, case: Case) -> None:
    session = client.session
    session[KEY] = {str(case.order_id): "2999-01-01T00:00:00+00:00"}
    session.save()


def test_the_shopper_reads_the_offer_and_accepts_it(client: Client) -> None:
    case = offer_plan(make_case(quantity=2), words="Take half and keep them?", goods_come_back=False)
    enter(client, case)
    html = client.get(reverse("refunds:shopper-accept-offer", args=[case.number])).content.decode()
    for words in (
        "Take half and keep them?",
        "2 × Paper lantern, large: refund",
        "€40.00",
        "you don't need to send anything back",
    ):
        assert words in html
    client.post(reverse("refunds:shopper-accept-offer", args=[case.number]), {"seen": case.seq})
    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.log.last().by_shopper) == (Case.Status.SETTLING, True)


def test_the_shopper_declines_with_words(client: Client) -> None:
    case = offer_plan(make_case())
    enter(client, case)
    address = reverse("refunds:shopper-decline-offer", args=[case.number])
    assert client.get(address).status_code == 200
    client.post(address, {"seen": case.seq, "words": "All of it, please."})
    assert Case.objects.get(pk=case.pk).status == Case.Status.SUBMITTED
    assert case.statements.last().words == "All of it, please."


def test_a_stale_no_keeps_its_words(client: Client) -> None:
    case = offer_plan(make_case())
    enter(client, case)
    address = reverse("refunds:shopper-decline-offer", args=[case.number])
    html = client.post(address, {"seen": case.seq - 1, "words": "Keep me."}).content.decode()
    assert "Its status is now" in html
    assert "Keep me." in html


def test_an_answer_that_comes_too_late_leads_to_the_status_page(client: Client) -> None:
    case = make_case()
    enter(client, case)
    for step in ("accept", "decline"):
        address = reverse(f"refunds:shopper-{step}-offer", args=[case.number])
        home = reverse("returns:status", args=[case.number])
        assert client.get(address).headers["Location"] == home
        answer = client.post(address, {"seen": case.seq, "words": "Keep me."})
        assert (answer.status_code, f'href="{home}"' in answer.text) == (409, True)
        assert ("Keep me." in answer.text) == (step == "decline")


@pytest.mark.parametrize("step", ["accept", "decline"])
def test_another_shopper_finds_no_offer(client: Client, step: str) -> None:
    case = offer_plan(make_case())
    enter(client, make_case())
    address = reverse(f"refunds:shopper-{step}-offer", args=[case.number])
    assert client.post(address, {"seen": case.seq}).status_code == 404
    client.session.flush()
    assert Client().post(address, {"seen": case.seq}).headers["Location"] == reverse("signoff:find")


# Panels


def drawn(tag: str, **context: Any) -> str:
    return Template("{% load refunds_panels %}{% " + tag + " %}").render(Context(context))


def test_the_panel_shows_the_plan_in_force_and_earlier_ones() -> None:
    case = make_case()
    assert drawn("resolution_panel case", case=case).strip() == ""
    case = send_back(propose_plan(case), by=UserFactory(role="manager"), note="Less.")
    case = propose_plan(case, by=UserFactory(role="agent"), note="Second try.")
    html = drawn("resolution_panel case", case=case)
    for words in ("Second try.", "awaiting approval", "0 of 1 approved", "€20.00", "1 earlier version", "Less."):
        assert words in html


@pytest.mark.parametrize(
    ("steps", "badge"),
    [
        (["authorise"], "approved"),
        (["authorise", "cancel"], "not carried out"),
        (["authorise", "expire"], "not carried out"),
        (["authorise", "ship", "report_lost"], "not carried out"),
        (["authorise", "receive", "inspect", "reject"], "not carried out"),
        (["settle", "resolve", "reopen"], "approved"),
    ],
)
def test_the_panel_calls_no_plan_approved_that_the_case_has_left_behind(steps: list[str], badge: str) -> None:
    case = move(make_case(), Case.propose, by=None)
    plan = make_plan(case)
    for step in steps:
        case = move(case, getattr(Case, step), by=None, **({"resolution": plan.pk} if step == "settle" else {}))
    html = drawn("resolution_panel case", case=case)
    assert [word for word in ("approved", "not carried out") if f">{word}<" in html] == [badge]


def test_the_offer_is_shown_only_while_it_waits() -> None:
    case = offer_plan(make_case())
    assert "Accept offer" in drawn("offer_panel case", case=case)
    assert drawn("offer_panel case", case=make_case()).strip() == ""


def test_the_estimate_prices_the_refunds_of_a_draft() -> None:
    order = OrderFactory(lines=[(3, "20.00"), (1, "7.50")])
    first, second = order.lines.all()
    rows = [
        {"line": first.pk, "quantity": 2, "reason": "defective", "wish": "refund", "words": ""},
        {"line": second.pk, "quantity": 1, "reason": "defective", "wish": "exchange", "words": ""},
    ]
    draft = Draft.objects.create(order=order, data={"lines": rows})
    html = drawn("refund_estimate draft", draft=draft)
    assert "€40.00" in html
    assert "€7.50" not in html
    assert drawn("refund_estimate draft", draft=Draft.objects.create(order=order)).strip() == ""


def test_the_estimate_of_units_that_are_gone_says_so() -> None:
    order = OrderFactory()
    make_case(order=order, quantity=3)
    rows = [{"line": order.lines.get().pk, "quantity": 1, "reason": "defective", "wish": "refund", "words": ""}]
    assert drawn("refund_estimate draft", draft=Draft.objects.create(order=order, data={"lines": rows})).strip() == ""


def test_the_goods_follow_the_remedy_until_the_agent_has_ticked_otherwise(client: Client) -> None:
    case = make_case()
    client.force_login(UserFactory(role="agent"))
    address, line = f"/desk/cases/{case.number}/propose/", case.lines.get().pk
    remedies = {f"line{line}-quantity": "1", f"line{line}-amount": "5", "seen": str(case.seq), "recalculate": "yes"}

    def ticked(remedy: str, **boxes: str) -> bool:
        data = remedies | {f"line{line}-remedy": remedy, **boxes}
        html = client.post(address, data, headers={"HX-Request": "true"}).text
        box = html.split('id="id_goods_come_back"')[1].split(">")[0]
        return "checked" in box

    untouched = {"derived": "on", "goods_come_back": "on"}
    assert ticked("refund", **untouched) is True
    assert ticked("compensation", **untouched) is False
    assert ticked("refund", derived="") is True
    assert ticked("refund", derived="on") is False  # the agent has unticked it
    assert ticked("compensation", derived="", goods_come_back="on") is True  # and ticked it


def test_the_approver_sees_in_amber_what_is_unusual(client: Client) -> None:
    reason = ReasonFactory(code="changed_mind", title_en="Changed my mind", liability="shopper")
    case = propose_plan(make_case(reason=reason), goods_come_back=False)
    client.force_login(UserFactory(role="manager"))
    html = client.get(f"/desk/cases/{case.number}/authorise/").text
    assert "“Paper lantern, large”: refund in full, the goods stay, reason “Changed my mind”." in html

    usual = propose_plan(make_case(reason=reason), goods_come_back=True)
    assert "refund in full" not in client.get(f"/desk/cases/{usual.number}/authorise/").text
