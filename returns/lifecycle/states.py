"""Table of the states of a case. Pages, queues, clocks, mails and the diagram read every fact about a state here.

Pure: it imports no model, so that the models can read it. The steps between states are written in ``Case``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from returns.permissions import APPROVE, INSPECT, REVIEW

type Words = str | Promise
type Tab = Literal["decide", "shopper", "approval", "bench", "settling", "finished"]

PAY = "refunds.pay_refund"  # a permission of an upper app, by its name: nothing of that app is imported
DAY = 24


class Status(models.TextChoices):
    """The states, in the order of pages and lists. The label is what staff read."""

    SUBMITTED = "submitted", pgettext_lazy("case", "awaiting review")
    WAITING_ON_SHOPPER = "waiting_on_shopper", pgettext_lazy("case", "waiting for shopper")
    IN_APPRAISAL = "in_appraisal", pgettext_lazy("case", "in appraisal")
    OFFERED = "offered", pgettext_lazy("case", "offer sent")
    AWAITING_APPROVAL = "awaiting_approval", pgettext_lazy("case", "awaiting approval")
    AUTHORISED = "authorised", pgettext_lazy("case", "awaiting return")
    IN_TRANSIT = "in_transit", pgettext_lazy("case", "on its way back")
    RECEIVED = "received", pgettext_lazy("case", "awaiting inspection")
    INSPECTED = "inspected", pgettext_lazy("case", "inspected")
    SETTLING = "settling", pgettext_lazy("case", "completing")
    RESOLVED = "resolved", pgettext_lazy("case", "resolved")
    REJECTED = "rejected", pgettext_lazy("case", "rejected")
    CANCELLED = "cancelled", pgettext_lazy("case", "cancelled")
    EXPIRED = "expired", pgettext_lazy("case", "expired")
    CLOSED = "closed", pgettext_lazy("case", "closed")


class DeskStage(IntEnum):
    """The stages of a case's life as the desk sees them."""

    REQUESTED, REVIEW, APPROVAL, TRANSPORT, INSPECTION, SETTLEMENT, RESOLVED = range(7)


class ShopperStep(IntEnum):
    """The steps of the bar on the shopper's page."""

    REQUESTED, APPROVED, SENT, INSPECTED, DONE = range(5)


@dataclass(frozen=True, kw_only=True)
class State:
    """One state.

    ``shopper_label`` is the badge on the shopper's page, ``headline`` and ``next_step`` are at its top;
    ``next_step`` may say ``%(day)s``, the day when the clock ends.
    ``permission`` names whose queue it is on; empty where the case waits for no member of staff.
    ``hours`` is how long the state may last, around the clock; ``expiry_step`` is the step that the system takes
    then. Without one the case only becomes overdue.
    ``shopper_step`` and ``stage`` are the current steps of the two progress bars; ``completes`` is the
    step of the shopper's bar that is done when a case gets here.
    ``main_step`` is the step that most cases take next.
    ``says_amount``: the shopper's page has a card of an offer or of refunds, which says the amount.
    ``has_plan``: a plan is on its way or was carried out.
    ``is_before_decision``: the shopper waits for one decision of the shop, and its date stays while the case goes
    from one such state to the next.
    ``frees_units``: the case ends without effect; its units can be requested again as soon as it gets here, or when
    it is closed, because until then the shopper can appeal.
    """

    shopper_label: Words
    headline: Words
    next_step: Words
    tab: Tab
    tone: str
    permission: str = ""
    hours: int | None = None
    expiry_step: str = ""
    shopper_step: ShopperStep | None = None
    completes: ShopperStep | None = None
    stage: DeskStage | None = None
    main_step: str = ""
    says_amount: bool = False
    has_plan: bool = False
    is_before_decision: bool = False
    frees_units: Literal["", "at once", "when closed"] = ""

    @property
    def is_finished(self) -> bool:
        """Nobody has to act any more."""
        return self.tab == "finished"

    @property
    def is_ours(self) -> bool:
        """The next move is the shop's, not the shopper's."""
        return self.tab not in ("shopper", "finished")

    @property
    def ends_without_effect(self) -> bool:
        return self.frees_units != ""


STATES: dict[str, State] = {
    Status.SUBMITTED: State(
        shopper_label=pgettext_lazy("case of a shopper", "We're reviewing it"),
        headline=_("We're reviewing your request"),
        next_step=_("You'll hear from us by %(day)s."),
        tab="decide",
        tone="accent",
        permission=REVIEW,
        hours=24,
        shopper_step=ShopperStep.APPROVED,
        stage=DeskStage.REVIEW,
        main_step="propose",
        is_before_decision=True,
    ),
    Status.WAITING_ON_SHOPPER: State(
        shopper_label=pgettext_lazy("case of a shopper", "Waiting for your reply"),
        headline=_("We need some information from you"),
        next_step=_(
            "Please reply by %(day)s. If we don't hear from you, this request will end. "
            "You can make a new one at any time."
        ),
        tab="shopper",
        tone="warn",
        hours=7 * DAY,
        expiry_step="expire",
        shopper_step=ShopperStep.APPROVED,
        stage=DeskStage.REVIEW,
        main_step="supply_information",
    ),
    Status.IN_APPRAISAL: State(
        shopper_label=pgettext_lazy("case of a shopper", "With our expert"),
        headline=_("An expert is checking your photos and description"),
        next_step=_("You'll have the result by %(day)s."),
        tab="bench",
        tone="info",
        permission=INSPECT,
        hours=48,
        shopper_step=ShopperStep.APPROVED,
        stage=DeskStage.REVIEW,
        main_step="record_appraisal",
    ),
    Status.OFFERED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Waiting for your answer"),
        headline=_("We have an offer for you"),
        next_step=_(
            "Please accept or decline by %(day)s. If we don't hear from you, we'll go back to what you asked for."
        ),
        tab="shopper",
        tone="warn",
        hours=7 * DAY,
        expiry_step="offer_lapsed",
        shopper_step=ShopperStep.APPROVED,
        stage=DeskStage.REVIEW,
        main_step="accept_offer",
        has_plan=True,
        says_amount=True,
    ),
    Status.AWAITING_APPROVAL: State(
        shopper_label=pgettext_lazy("case of a shopper", "We're deciding"),
        headline=_("We're checking a proposed solution"),
        next_step=_("You'll have our decision by %(day)s."),
        tab="approval",
        tone="warn",
        permission=APPROVE,
        hours=24,
        shopper_step=ShopperStep.APPROVED,
        stage=DeskStage.APPROVAL,
        main_step="authorise",
        has_plan=True,
        is_before_decision=True,
    ),
    Status.AUTHORISED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Please send it back"),
        headline=_("Approved: please send the items back"),
        next_step=_("Please send the parcel by %(day)s. After that, this approval expires."),
        tab="shopper",
        tone="accent",
        permission=INSPECT,  # goods may arrive before anybody has recorded their shipment
        hours=14 * DAY,
        expiry_step="expire",
        shopper_step=ShopperStep.SENT,
        completes=ShopperStep.APPROVED,
        stage=DeskStage.TRANSPORT,
        main_step="ship",
        has_plan=True,
    ),
    Status.IN_TRANSIT: State(
        shopper_label=pgettext_lazy("case of a shopper", "On its way to us"),
        headline=_("Your parcel is on its way to us"),
        next_step=_("You'll see it here as soon as it arrives. If it hasn't arrived by %(day)s, we'll look for it."),
        tab="bench",
        tone="info",
        permission=INSPECT,
        hours=14 * DAY,
        shopper_step=ShopperStep.INSPECTED,
        completes=ShopperStep.SENT,
        stage=DeskStage.TRANSPORT,
        main_step="receive",
        has_plan=True,
    ),
    Status.RECEIVED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Arrived, being inspected"),
        headline=_("We've received your items"),
        next_step=_("We'll inspect them by %(day)s."),
        tab="bench",
        tone="info",
        permission=INSPECT,
        hours=48,
        shopper_step=ShopperStep.INSPECTED,
        completes=ShopperStep.SENT,
        stage=DeskStage.INSPECTION,
        main_step="inspect",
        has_plan=True,
    ),
    Status.INSPECTED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Inspected"),
        headline=_("Your items have been inspected"),
        next_step=_("We'll decide what happens next by %(day)s."),
        tab="decide",
        tone="info",
        permission=REVIEW,
        hours=24,
        shopper_step=ShopperStep.DONE,
        completes=ShopperStep.INSPECTED,
        stage=DeskStage.INSPECTION,
        main_step="settle",
        has_plan=True,
        is_before_decision=True,
    ),
    Status.SETTLING: State(
        shopper_label=pgettext_lazy("case of a shopper", "Being completed"),
        headline=_("We're completing your request"),
        next_step=_("Your refund or replacement will be on its way by %(day)s."),
        tab="settling",
        tone="accent",
        permission=PAY,
        hours=72,
        shopper_step=ShopperStep.DONE,
        completes=ShopperStep.APPROVED,
        stage=DeskStage.SETTLEMENT,
        main_step="resolve",
        has_plan=True,
        says_amount=True,
    ),
    Status.RESOLVED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Resolved"),
        headline=_("Your request is resolved"),
        next_step=_("Something still not right? Tell us here by %(day)s; after that, your request is closed."),
        tab="finished",
        tone="ok",
        hours=14 * DAY,
        expiry_step="close",
        shopper_step=ShopperStep.DONE,
        completes=ShopperStep.DONE,
        stage=DeskStage.RESOLVED,
        main_step="close",
        has_plan=True,
        says_amount=True,
    ),
    Status.REJECTED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Not approved"),
        headline=_("Sorry, we can't approve your request"),
        next_step=_("You can appeal until %(day)s."),
        tab="finished",
        tone="danger",
        hours=14 * DAY,
        expiry_step="close",
        main_step="close",
        frees_units="when closed",
    ),
    Status.CANCELLED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Cancelled by you"),
        headline=_("You cancelled your request"),
        next_step=_("There's nothing more to do. You can make a new request at any time."),
        tab="finished",
        tone="neutral",
        hours=14 * DAY,
        expiry_step="close",
        main_step="close",
        frees_units="at once",
    ),
    Status.EXPIRED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Expired"),
        headline=_("Your request has expired"),
        next_step=_("We didn't hear from you in time, so this request has ended. You can make a new one at any time."),
        tab="finished",
        tone="neutral",
        hours=14 * DAY,
        expiry_step="close",
        main_step="close",
        frees_units="at once",
    ),
    Status.CLOSED: State(
        shopper_label=pgettext_lazy("case of a shopper", "Closed"),
        headline=_("Your request is closed"),
        next_step=_("This request no longer changes, but you can still read everything."),
        tab="finished",
        tone="neutral",
    ),
}


def _states(belongs: Callable[[State], bool]) -> tuple[str, ...]:
    return tuple(status.value for status in Status if belongs(STATES[status]))


OPEN = _states(lambda state: not state.is_finished)
FINISHED = _states(lambda state: state.is_finished)


def on_tab(tab: str) -> tuple[str, ...]:
    """The states of one tab of the queue."""
    return _states(lambda state: state.tab == tab)


def waiting_for(permission: str) -> tuple[str, ...]:
    """The states in which holders of ``permission`` have to act. Raises ``KeyError`` where there are none."""
    states = _states(lambda state: state.permission == permission)
    if not states:
        raise KeyError(permission)
    return states


def rights_to(status: str) -> list[str]:
    """Permissions whose holders may take a case in ``status``; none when it is finished."""
    state = STATES[status]
    return [] if state.is_finished else list(dict.fromkeys(filter(None, (REVIEW, state.permission))))
