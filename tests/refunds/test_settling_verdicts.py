"""What the system does when the bench has spoken."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F

from inspection.actions import FindingDraft, conclude, receive
from refunds.plans.suggestion import draft_plan
from refunds.settlement import actions as settlement
from returns.lifecycle.actions import move
from returns.models import Case
from signoff.models import Payment
from tests.factories import ReasonFactory, ShopFactory, make_case
from tests.factories.settlements import make_plan
from tests.steps import case_states
from tests.steps.browser_users import make_staff

pytestmark = pytest.mark.django_db


def inspected(
    verdict: str, *, came: int = 2, disposition: str = "restock", liability: str = "shop", **plan: Any
) -> Case:
    """Two units were to come back under an approved plan; ``came`` of them did."""
    reason = ReasonFactory(shop=ShopFactory(), code=liability, liability=liability)
    case = move(make_case(quantity=2, reason=reason), Case.propose, by=None)
    make_plan(case, gross="40.00", **plan)
    move(case, Case.authorise, by=None)
    line = case.lines.get()
    receive(case, by=None, counted={line.pk: came})
    conclude(case, by=None, findings=[FindingDraft(line, verdict, disposition)])
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("verdict", "liability"),
    [("as_claimed", "shop"), ("other_fault", "carrier"), ("no_fault_found", "shopper"), ("as_claimed", "shopper")],
)
def test_a_verdict_that_bears_out_the_reason_settles_the_case(verdict: str, liability: str) -> None:
    case = settlement.meet_verdict(inspected(verdict, liability=liability))

    assert case.status == "settling"
    assert case.refunds.get().amount == 40


@pytest.mark.parametrize(
    ("verdict", "liability"),
    [
        ("no_fault_found", "shop"),
        ("other_fault", "shopper"),
        ("damaged_in_return", "shop"),
        ("incomplete", "shopper"),
        ("not_ours", "shop"),
    ],
)
def test_a_verdict_that_differs_makes_the_plan_void(verdict: str, liability: str) -> None:
    case = settlement.meet_verdict(inspected(verdict, liability=liability))

    assert (case.status, case.log.last().verb) == ("inspected", "verdict_differs")
    assert not case.resolutions.filter(superseded_at=None).exists()
    assert not case.refunds.exists()


def split(*drafts: tuple[str, str]) -> Case:
    """Two units came back under an approved plan for both; each got its own verdict and disposition."""
    case = case_states.take_steps(make_case(quantity=2), make_staff(), case_states.propose, case_states.approve)
    line = case.lines.get()
    receive(case, by=None, counted={line.pk: 2})
    conclude(case, by=None, findings=[FindingDraft(line, *draft, quantity=1) for draft in drafts])
    return Case.objects.get(pk=case.pk)


def test_two_verdicts_that_both_bear_out_the_reason_settle_the_case() -> None:
    case = settlement.meet_verdict(split(("as_claimed", "scrap"), ("other_fault", "refurbish")))
    assert (case.status, case.refunds.get().amount) == ("settling", 40)


@pytest.mark.parametrize("second", [("no_fault_found", "restock"), ("as_claimed", "send_back")])
@pytest.mark.parametrize("turned", [False, True])
def test_one_unit_that_differs_makes_the_plan_void_and_the_other_is_suggested(
    second: tuple[str, str], turned: bool
) -> None:
    drafts = [("as_claimed", "scrap"), second]
    case = settlement.meet_verdict(split(*(reversed(drafts) if turned else drafts)))
    assert (case.status, case.log.last().verb) == ("inspected", "verdict_differs")
    [item] = draft_plan(case).items
    assert (item.remedy, item.quantity) == ("refund", 1)


def test_fewer_units_than_planned_make_the_plan_void() -> None:
    assert settlement.meet_verdict(inspected("as_claimed", came=1)).status == "inspected"


def test_goods_that_go_back_to_the_shopper_make_the_plan_void() -> None:
    assert settlement.meet_verdict(inspected("as_claimed", disposition="send_back")).status == "inspected"


def test_a_plan_that_waits_for_no_goods_fits_any_verdict() -> None:
    assert settlement.meet_verdict(inspected("not_ours", goods_come_back=False)).status == "settling"


def test_what_goes_back_to_the_shopper_is_owed_as_a_parcel() -> None:
    case = inspected("no_fault_found", disposition="send_back", goods_come_back=False)

    case = settlement.meet_verdict(case)

    assert list(case.replacements.values_list("kind", "quantity")) == [("send_back", 2)]


def test_a_verdict_on_a_plan_whose_money_is_gone_makes_it_void() -> None:
    case = inspected("as_claimed")
    Payment.objects.update(refunded=Decimal("60"))

    case = settlement.meet_verdict(case)

    assert (case.status, case.log.last().verb) == ("inspected", "plan_exceeds")


def test_the_sweep_meets_every_waiting_verdict_once() -> None:
    fitting, differing = inspected("as_claimed"), inspected("incomplete")

    assert (settlement.follow_verdicts(), settlement.follow_verdicts()) == (2, 0)

    assert Case.objects.get(pk=fitting.pk).status == "settling"
    assert Case.objects.get(pk=differing.pk).status == "inspected"


def test_a_verdict_without_an_approved_plan_waits_for_the_desk() -> None:
    case = inspected("as_claimed")
    case.resolutions.update(approved_at=None)

    assert settlement.meet_verdict(case).seq == case.seq


def test_a_case_that_cannot_be_settled_keeps_no_other_verdict_waiting(caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = inspected("as_claimed"), inspected("as_claimed")
    Case.objects.filter(pk=broken.pk).update(seq=F("seq") - 1)  # its next entry would be a second one of this number

    assert settlement.follow_verdicts() == 1
    assert Case.objects.get(pk=sound.pk).status == "settling"
    assert [record.getMessage() for record in caplog.records] == [f"The sweep leaves case {broken.pk} as it is"]
