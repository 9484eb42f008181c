"""The steps a shopper sees, for every way a case can go."""

import pytest

from returns.lifecycle.actions import move
from returns.models import Case
from returns.portal.stepper import shopper_steps
from tests.factories import make_case

pytestmark = pytest.mark.django_db

PLAN = ("propose", "authorise")
BENCH = (*PLAN, "ship", "receive", "inspect")


def shown(*steps: str, goods: bool = True, money: bool = True) -> str:
    """The steps in short: ``Requested+ Review> …`` (done +, now >, to do -, stopped !)."""
    case = make_case()
    for step in steps:
        case = move(case, getattr(Case, step), by=None)
    rows = shopper_steps(case, list(case.log.order_by("seq")), goods_expected=goods, money_back=money)
    marks = {"done": "+", "now": ">", "todo": "-", "stopped": "!"}
    return " ".join(f"{row['label']}{marks[row['state']]}" for row in rows)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), "Requested+ Review> Return- Inspection- Refund-"),
        (("propose", "make_offer", "decline_offer"), "Requested+ Review> Return- Inspection- Refund-"),
        (PLAN, "Requested+ Review+ Return> Inspection- Refund-"),
        ((*PLAN, "ship"), "Requested+ Review+ Return+ Inspection> Refund-"),
        ((*PLAN, "ship", "report_lost"), "Requested+ Review> Return- Inspection- Refund-"),
        ((*PLAN, "receive"), "Requested+ Review+ Return+ Inspection> Refund-"),
        (BENCH, "Requested+ Review+ Return+ Inspection+ Refund>"),
        ((*BENCH, "propose"), "Requested+ Review+ Return+ Inspection+ Refund>"),
        ((*BENCH, "settle", "resolve"), "Requested+ Review+ Return+ Inspection+ Refund+"),
        ((*BENCH, "settle", "resolve", "close"), "Requested+ Review+ Return+ Inspection+ Refund+"),
        ((*BENCH, "reject"), "Requested+ Review+ Return+ Inspection+ Not approved!"),
        (("propose", "settle"), "Requested+ Review+ Refund>"),
        (("propose", "settle", "resolve"), "Requested+ Review+ Refund+"),
        (("reject",), "Requested+ Not approved!"),
        (("reject", "close"), "Requested+ Not approved!"),
        (("reject", "appeal"), "Requested+ Review> Return- Inspection- Refund-"),
        (("cancel",), "Requested+ Cancelled by you!"),
        ((*PLAN, "expire"), "Requested+ Review+ Expired!"),
    ],
)
def test_every_way_a_case_can_go_is_told_in_the_shoppers_steps(steps: tuple[str, ...], expected: str) -> None:
    assert shown(*steps) == expected


def test_goods_that_are_not_expected_back_leave_two_steps_out() -> None:
    assert shown(goods=False, money=False) == "Requested+ Review> Completion-"
