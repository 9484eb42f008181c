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
    """The steps in short: ``Requested+ Approved> …`` (done +, now >, to do -, stopped !)."""
    case = make_case()
    for step in steps:
        case = move(case, getattr(Case, step), by=None)
    rows = shopper_steps(case, list(case.log.order_by("seq")), goods_expected=goods, money_back=money)
    marks = {"done": "+", "now": ">", "todo": "-", "stopped": "!"}
    return " ".join(f"{row['label']}{marks[row['state']]}" for row in rows)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), "Requested+ Approved> Items sent back- Inspection done- Refunded-"),
        (("offer", "decline_offer"), "Requested+ Approved> Items sent back- Inspection done- Refunded-"),
        (PLAN, "Requested+ Approved+ Items sent back> Inspection done- Refunded-"),
        ((*PLAN, "ship"), "Requested+ Approved+ Items sent back+ Inspection done> Refunded-"),
        ((*PLAN, "ship", "report_lost"), "Requested+ Approved> Items sent back- Inspection done- Refunded-"),
        ((*PLAN, "receive"), "Requested+ Approved+ Items sent back+ Inspection done> Refunded-"),
        (BENCH, "Requested+ Approved+ Items sent back+ Inspection done+ Refunded>"),
        ((*BENCH, "propose"), "Requested+ Approved+ Items sent back+ Inspection done+ Refunded>"),
        ((*BENCH, "settle", "resolve"), "Requested+ Approved+ Items sent back+ Inspection done+ Refunded+"),
        ((*BENCH, "settle", "resolve", "close"), "Requested+ Approved+ Items sent back+ Inspection done+ Refunded+"),
        ((*BENCH, "reject"), "Requested+ Approved+ Items sent back+ Inspection done+ Not approved!"),
        (("propose", "settle"), "Requested+ Approved+ Refunded>"),
        (("propose", "settle", "resolve"), "Requested+ Approved+ Refunded+"),
        (("reject",), "Requested+ Not approved!"),
        (("reject", "close"), "Requested+ Not approved!"),
        (("reject", "appeal"), "Requested+ Approved> Items sent back- Inspection done- Refunded-"),
        (("cancel",), "Requested+ Cancelled by you!"),
        ((*PLAN, "expire"), "Requested+ Approved+ Expired!"),
    ],
)
def test_every_way_a_case_can_go_is_told_in_the_shoppers_steps(steps: tuple[str, ...], expected: str) -> None:
    assert shown(*steps) == expected


def test_goods_that_are_not_expected_back_leave_two_steps_out() -> None:
    assert shown(goods=False, money=False) == "Requested+ Approved> Resolved-"
