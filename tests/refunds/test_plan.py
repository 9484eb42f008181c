"""Making a plan: what is frozen, what is refused, and where the case goes."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from refunds.approvals.actions import approve, send_back
from refunds.models import Item, Resolution
from refunds.money import QuoteRefused
from refunds.payouts.gateways import Paid
from refunds.payouts.worker import claim, settle
from refunds.plans.actions import accept_offer, decline_offer, propose
from refunds.plans.forms import OfferForm
from refunds.plans.sheet import PlanSheet
from refunds.plans.suggestion import draft_plan
from refunds.pricing.price_plan import ItemDraft
from refunds.pricing.queries import plan_in_force
from refunds.pricing.rules import PlanRefused
from refunds.ways.rules import way_of
from returns.intake.actions import Wish, open_case
from returns.models import Case, Statement
from returns.models.reasons import Remedy
from returns.review.actions import reopen
from returns.review.expiry import run_due
from signoff.models import Payment
from tests.factories import OrderFactory, ReasonFactory, UserFactory, make_case
from tests.steps.plans import (
    add_shipping,
    draft_items,
    inspect_case,
    make_tier,
    offer_plan,
    propose_offer,
    propose_plan,
    quote_for,
)

pytestmark = pytest.mark.django_db


def amounts(case: Case) -> list[tuple[str, int, Decimal]]:
    return [(item.remedy, item.quantity, item.gross) for item in plan_in_force(case).items.all()]


def test_a_plan_is_priced_frozen_and_waits_for_approval() -> None:
    agent, case = UserFactory(role="agent"), make_case(quantity=2)
    case = propose_plan(case, by=agent, note="Seen the photos.")

    plan = plan_in_force(case)
    assert case.status == Case.Status.AWAITING_APPROVAL
    assert (plan.total, plan.kind, plan.goods_come_back, plan.gateway) == (40, "plan", True, "")
    assert (plan.proposed_by, plan.note, plan.approved_at) == (agent, "Seen the photos.", None)
    assert amounts(case) == [("refund", 2, Decimal("40.00"))]
    assert plan.items.get().units == [(1, 3)]
    assert [part["gross"] for part in plan.explanation] == ["40.00"]
    assert "list price 40.00" in plan.explanation[0]["why"]
    assert case.log.last().facts == {"resolution": plan.pk, "amount": "40.00", "currency": "EUR"}


def test_the_units_of_the_second_case_are_priced_as_what_they_cost() -> None:
    order = OrderFactory()
    line = order.lines.get()
    line.discount, line.gross = Decimal("0.02"), Decimal("59.98")  # units cost 19.99, 19.99, 20.00
    line.save()
    first, second = make_case(order=order, quantity=2), make_case(order=order, quantity=1)
    assert quote_for(first, draft_items(first)).total == Decimal("39.98")
    assert quote_for(second, draft_items(second)).total == Decimal("20.00")
    assert plan_in_force(propose_plan(second)).items.get().units == [(3, 4)]


def test_an_amount_and_shipping_can_be_refunded() -> None:
    case = make_case(quantity=2)
    items = [*draft_items(case, amount=Decimal("7.50")), ItemDraft(shipping=add_shipping(case), amount=Decimal("2.00"))]
    case = propose_plan(case, items=items)
    assert amounts(case) == [("refund", 2, Decimal("7.50")), ("refund", 1, Decimal("2.00"))]
    assert plan_in_force(case).total == Decimal("9.50")


@pytest.mark.parametrize("remedy", [Remedy.EXCHANGE, Remedy.REPAIR, Remedy.RESEND])
def test_goods_instead_of_money_cost_nothing_and_name_their_units(remedy: str) -> None:
    case = make_case(quantity=2)
    case = propose_plan(case, items=draft_items(case, remedy=remedy), goods_come_back=remedy != Remedy.RESEND)
    assert amounts(case) == [(remedy, 2, 0)]
    assert plan_in_force(case).items.get().units == [(1, 3)]
    assert plan_in_force(case).total == 0


def test_units_of_one_line_may_have_different_remedies() -> None:
    case = make_case(quantity=3)
    line = case.lines.get()
    items = [
        ItemDraft(line=line, remedy=Remedy.EXCHANGE, quantity=1),
        ItemDraft(line=line, remedy=Remedy.REFUND, quantity=1),
        ItemDraft(line=line, remedy=Remedy.COMPENSATION, quantity=1, amount=Decimal("5")),
    ]
    case = propose_plan(case, items=items)
    assert [item.units for item in plan_in_force(case).items.all()] == [[(3, 4)], [(1, 2)], [(2, 3)]]


def test_a_new_plan_replaces_the_one_in_force() -> None:
    case = inspect_case(authorised(make_case(quantity=2)), disposition="send_back")
    first = plan_in_force(case)
    case = propose_plan(case, items=draft_items(case, remedy=Remedy.COMPENSATION, amount=Decimal("3")))
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert plan_in_force(case).total == 3
    assert case.resolutions.count() == 2


def authorised(case: Case) -> Case:
    make_tier(case, "0", 0)
    case = propose_plan(case)
    assert case.status == Case.Status.AUTHORISED
    return case


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"items": []}, "Choose a remedy for at least one item"),
        ({"gateway": "cash"}, "Choose how the refund is paid"),
        ({"goods_come_back": False, "remedy": "repair"}, "A repair needs the goods"),
        ({"remedy": "resend"}, "need the goods. Untick"),
        ({"remedy": "compensation"}, "Enter the compensation for “Paper lantern, large”"),
        ({"remedy": "exchange", "amount": Decimal(1)}, "this remedy pays no money"),
        ({"remedy": "poem"}, "Choose one of the remedies"),
        ({"quantity": 0}, "a quantity of at least 1"),
        ({"quantity": 3}, "This case covers 2 units of “Paper lantern, large”, not 3"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_with_a_sentence(options: dict, sentence: str) -> None:
    case = make_case(quantity=2)
    drafted = {name: options.pop(name) for name in ("remedy", "quantity", "amount") if name in options}
    with pytest.raises(PlanRefused, match=sentence):
        propose_plan(case, **({"items": draft_items(case, **drafted)} | options))
    assert (case.resolutions.count(), case.log.count()) == (0, 1)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("40.01", "40.01 is more than the 40.00 left to refund."),
        ("0", "An amount to refund must be more than zero."),
        ("-1", "An amount to refund must be more than zero."),
        ("0.001", "0.001 has more decimals than EUR allows."),
    ],
)
def test_an_impossible_amount_is_refused(amount: str, sentence: str) -> None:
    case = make_case(quantity=2)
    with pytest.raises(QuoteRefused, match=sentence):
        propose_plan(case, items=draft_items(case, amount=Decimal(amount)))


def test_two_parts_of_a_plan_cannot_share_units() -> None:
    case = make_case(quantity=2)
    with pytest.raises(PlanRefused, match="covers 2 units"):
        propose_plan(
            case, items=[*draft_items(case, quantity=1), *draft_items(case, quantity=2, remedy=Remedy.EXCHANGE)]
        )


def test_lines_and_shipping_of_other_cases_are_refused() -> None:
    case, other = make_case(), make_case()
    with pytest.raises(PlanRefused, match="isn't part of this case"):
        propose_plan(case, items=draft_items(other))
    with pytest.raises(PlanRefused, match="belongs to another order"):
        propose_plan(case, items=[ItemDraft(shipping=add_shipping(other))])


def test_store_credit_needs_a_customer() -> None:
    case = make_case(order=OrderFactory(customer=None))
    with pytest.raises(PlanRefused, match="Store credit needs a customer"):
        propose_plan(case, gateway="store_credit")


def test_after_the_inspection_only_accepted_units_are_refunded() -> None:
    case = inspect_case(authorised(make_case(quantity=2)), disposition="send_back")
    with pytest.raises(PlanRefused, match="The bench accepted 0 units of “Paper lantern, large”, not 2"):
        propose_plan(case, items=draft_items(case))
    assert draft_plan(case).items == []


def test_money_that_went_back_before_is_not_planned_again() -> None:
    case = make_case(quantity=3)
    line = case.lines.get().order_line
    line.refunded = Decimal("15")
    line.save()
    assert quote_for(case, draft_items(case)).total == 45
    with pytest.raises(QuoteRefused, match=r"more than the 45\.00 left"):
        propose_plan(case, items=draft_items(case, amount=Decimal("45.01")))


def test_a_plan_never_exceeds_what_is_left_of_the_payments() -> None:
    case = make_case(quantity=3)
    Payment.objects.filter(order=case.order).update(refunded=Decimal("45"))
    with pytest.raises(QuoteRefused, match=r"45\.00 more than is left to refund"):
        propose_plan(case, items=draft_items(case))


def test_a_plan_needs_the_right_and_the_newest_version() -> None:
    case = make_case()
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        propose_plan(case, by=UserFactory(role="inspector"))
    with pytest.raises(TransitionNotAllowed, match="has moved on"):
        propose_plan(case, seen=case.seq + 1)
    propose_plan(case)
    with pytest.raises(TransitionNotAllowed, match="awaiting approval"):
        propose_plan(case)
    assert case.resolutions.count() == 1


def test_an_accepted_offer_is_the_plan() -> None:
    agent, case = UserFactory(role="agent"), make_case(quantity=2)
    items = draft_items(case, remedy=Remedy.COMPENSATION, amount=Decimal("8"))
    case = propose_offer(case, by=agent, items=items, goods_come_back=False, words="Keep them for 8 euros?")
    assert (case.status, plan_in_force(case).kind) == (Case.Status.AWAITING_APPROVAL, Resolution.Kind.OFFER)
    assert not case.statements.exists()  # the shopper sees nothing yet

    case = approve(case, by=UserFactory(role="manager"), seen=case.seq)
    assert case.status == Case.Status.OFFERED
    said = case.statements.get()
    assert (said.topic, said.words, said.by, said.seq) == (Statement.Topic.OFFER, "Keep them for 8 euros?", agent, 4)
    assert (case.log.last().verb, case.log.last().by) == ("make_offer", None)

    case = accept_offer(case, by=case.customer, seen=case.seq)
    assert case.status == Case.Status.SETTLING
    assert (plan_in_force(case).total, plan_in_force(case).kind) == (8, Resolution.Kind.PLAN)


def test_an_accepted_offer_with_goods_waits_for_them() -> None:
    case = offer_plan(make_case(quantity=2))
    case = accept_offer(case, by=case.customer)
    assert (case.status, case.lines.get().authorised) == (Case.Status.AUTHORISED, 2)


def test_an_offer_within_the_agents_authority_is_made_at_once() -> None:
    case = make_case()
    make_tier(case, "0", 0)
    case = propose_offer(case, goods_come_back=False)
    assert case.status == Case.Status.OFFERED
    assert accept_offer(case, by=case.customer).status == Case.Status.SETTLING


def test_an_offer_that_was_made_before_offers_needed_approval_is_not_carried_out() -> None:
    case = offer_plan(make_case())
    Resolution.objects.update(approved_at=None)
    with pytest.raises(PlanRefused, match="no longer available"):
        accept_offer(case, by=case.customer)


def test_an_unanswered_offer_goes_back_to_the_review_with_the_wish() -> None:
    case = make_case(quantity=2)
    items = draft_items(case, remedy=Remedy.COMPENSATION, amount=Decimal("8"))
    case = offer_plan(case, items=items, goods_come_back=False)
    assert run_due(case.due_at) == 1
    case = Case.objects.get(pk=case.pk)
    assert (case.status, plan_in_force(case)) == (Case.Status.SUBMITTED, None)
    assert [(item.remedy, item.quantity) for item in draft_plan(case).items] == [("refund", 2)]
    with pytest.raises(TransitionNotAllowed):
        accept_offer(case, by=case.customer)


def test_an_offer_that_was_sent_back_keeps_its_words() -> None:
    case = propose_offer(make_case(), words="Half of it?")
    case = send_back(case, by=UserFactory(role="manager"), note="Less.")
    sheet = PlanSheet(case, draft_plan(case), plan_form=OfferForm)
    assert sheet.plan["words"].initial == "Half of it?"


def test_a_declined_offer_leaves_no_plan_and_keeps_the_words() -> None:
    case = offer_plan(make_case())
    case = decline_offer(case, by=case.customer, words="I want all of it.", seen=case.seq)
    assert (case.status, plan_in_force(case)) == (Case.Status.SUBMITTED, None)
    assert case.statements.last().words == "I want all of it."


def test_an_offer_is_answered_once_and_by_its_own_shopper() -> None:
    case = offer_plan(make_case())
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        accept_offer(case, by=make_case().customer)
    with pytest.raises(TransitionNotAllowed, match="Its status is now “Waiting for your answer”"):
        decline_offer(case, by=case.customer, seen=case.seq - 1)
    accept_offer(case, by=case.customer)
    with pytest.raises(TransitionNotAllowed, match="Its status is now “Please send it back”"):
        accept_offer(case, by=case.customer)


def test_the_suggestion_is_the_wish() -> None:
    reason = ReasonFactory(goods_come_back=False, code="crumbs")
    case = make_case(quantity=2, remedy=Remedy.COMPENSATION, reason=reason)
    found = draft_plan(case)
    assert [(item.remedy, item.quantity, item.amount) for item in found.items] == [("compensation", 2, Decimal("8.00"))]
    assert (found.goods_come_back, found.gateway) == (False, "")


def test_the_suggestion_pays_store_credit_back_as_store_credit() -> None:
    case = make_case()
    case.order.payments.update(method=Payment.Method.STORE_CREDIT)
    assert way_of(case.order.payments.get()) == "store_credit"


def test_the_suggestion_after_the_inspection_keeps_to_what_was_accepted() -> None:
    case = inspect_case(authorised(make_case(quantity=2)))
    case.lines.update(accepted=1)
    assert [(item.quantity, item.amount) for item in draft_plan(case).items] == [(1, None)]


def test_the_database_refuses_a_second_plan_in_force_and_items_that_do_not_add_up() -> None:
    plan = plan_in_force(propose_plan(make_case()))
    item = plan.items.get()
    for name, broken in {
        "one_resolution_in_force": lambda: Resolution.objects.create(
            case=plan.case, total=0, proposed_at=plan.proposed_at
        ),
        "item_adds_up": lambda: Item.objects.filter(pk=item.pk).update(net=1),
        "item_of_line_or_shipping": lambda: Item.objects.filter(pk=item.pk).update(line=None),
        "resolution_total_not_negative": lambda: Resolution.objects.create(
            case=plan.case, total=-1, proposed_at=plan.proposed_at, superseded_at=plan.proposed_at
        ),
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            broken()


def test_the_deed_is_the_same_as_its_parts() -> None:
    """``propose`` without the helpers of this test module: every argument spelled out."""
    case = make_case()
    line = case.lines.get()
    case = propose(
        case, by=None, items=[ItemDraft(line=line, quantity=1)], goods_come_back=False, gateway="manual", seen=case.seq
    )
    assert case.status == Case.Status.AWAITING_APPROVAL


def test_a_case_about_two_orders_pays_each_orders_part() -> None:
    first = OrderFactory()
    second = OrderFactory(shop=first.shop, customer=first.customer, lines=[(2, "5.00")])
    reason = ReasonFactory(shop=first.shop)
    wishes = [Wish(order.lines.get(), 1, reason, "refund") for order in (second, first)]
    case = open_case(first, wishes, by=first.customer, channel=Case.Channel.IMPORT)
    quoted = quote_for(case, draft_items(case))
    assert (quoted.total, len(quoted.parts)) == (25, 2)
    assert {payment.id: payment.amount for payment in quoted.payments} == {
        str(first.payments.get().pk): 20,
        str(second.payments.get().pk): 5,
    }
    make_tier(case, "0", 0)
    case = propose_plan(case, goods_come_back=False)
    assert sorted(refund.amount for refund in case.refunds.all()) == [5, 20]


def test_a_reopened_case_gives_back_only_what_is_left() -> None:
    case = make_case(quantity=2)
    make_tier(case, "0", 0)
    case = propose_plan(
        case, items=draft_items(case, amount=Decimal("15")), goods_come_back=False, gateway="store_credit"
    )
    for refund in case.refunds.all():
        settle(claim(timezone.now(), only=refund), Paid(f"SC-{refund.pk}"))
    case = reopen(Case.objects.get(), by=None)
    assert (case.status, plan_in_force(case).total) == (Case.Status.SUBMITTED, 15)
    assert quote_for(case, draft_items(case)).total == 25
    with pytest.raises(QuoteRefused, match=r"more than the 25\.00 left"):
        propose_plan(case, items=draft_items(case, amount=Decimal("25.01")), goods_come_back=False)
    case = propose_plan(case, goods_come_back=False)
    assert (plan_in_force(case).total, case.lines.get().order_line.refunded) == (25, 40)
