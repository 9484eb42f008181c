"""Make a plan or a counter-offer: price it, freeze it, propose it to the approvers; record the shopper's answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from refunds.approvals.actions import approve_without_people, carry_out, plan_facts
from refunds.approvals.queries import count_approvals
from refunds.ledger.locks import LockedWithBooks, lock_with_books
from refunds.models import Item, Resolution
from refunds.pricing.breakdown import as_facts
from refunds.pricing.price_plan import ItemDraft, PricedPlan, price_items
from refunds.pricing.queries import payments_by_key, plan_in_force
from refunds.pricing.rules import PlanRefused, check_plan, goods_are_here
from refunds.pricing.versions import save, supersede
from refunds.ways.rules import way_for
from refunds.ways.text import way_missing
from returns.lifecycle.actions import check, take_step
from returns.lifecycle.queries import bare_lines, lines_with_orders
from returns.logbook.locks import lock_case
from returns.logbook.statements import save_statement
from returns.logbook.writer import Actor, author_of
from returns.models import Case, Statement
from returns.models.reasons import exchange_values
from signoff.db.history import save_with_history


def price_plan(case: Case, *, items: Sequence[ItemDraft], goods_come_back: bool, gateway: str = "") -> PricedPlan:
    """Price a plan without saving it. Raises ``PlanRefused``, ``QuoteRefused``."""
    lines = lines_with_orders(case)
    check_plan(case, items, lines=lines, goods_come_back=goods_come_back, gateway=gateway)
    return price_items(case, items, lines=lines)


@transaction.atomic
def propose(
    case: Case,
    *,
    by: Actor,
    items: Sequence[ItemDraft],
    goods_come_back: bool,
    gateway: str = "",
    ways: Mapping[str, str] | None = None,
    note: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> Case:
    """Make ``items`` the plan in force and request approval; if no approver is needed, it is approved at once.

    Raises ``PlanRefused``, ``QuoteRefused`` (both sentences), ``TransitionNotAllowed``, ``PermissionDenied``.
    """
    now = now or timezone.now()
    case = lock_with_books(case)
    resolution = _make(
        case,
        Resolution.Kind.PLAN,
        items,
        by=by,
        now=now,
        goods_come_back=goods_come_back,
        gateway=gateway,
        ways=ways,
        note=note,
    )
    take_step(case, Case.propose, by=by, seen=seen, now=now, **plan_facts(resolution))
    return approve_without_people(case, resolution, now=now)


@transaction.atomic
def offer(
    case: Case,
    *,
    by: Actor,
    items: Sequence[ItemDraft],
    goods_come_back: bool,
    gateway: str = "",
    ways: Mapping[str, str] | None = None,
    words: str,
    note: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> Case:
    """Propose ``items`` as a counter-offer with the text ``words``, which the shopper sees once it is approved.

    Raises as ``propose``.
    """
    now = now or timezone.now()
    case = lock_with_books(case)
    resolution = _make(
        case,
        Resolution.Kind.OFFER,
        items,
        by=by,
        now=now,
        goods_come_back=goods_come_back,
        gateway=gateway,
        ways=ways,
        note=note,
        words=words,
    )
    take_step(case, Case.propose, by=by, seen=seen, now=now, **plan_facts(resolution))
    return approve_without_people(case, resolution, now=now)


@transaction.atomic
def accept_offer(case: Case, *, by: Actor, seen: int | None = None, now: datetime | None = None) -> Case:
    """Accept the offer (an agent may record it): it becomes the plan and is carried out; nobody is asked again.

    Raises ``TransitionNotAllowed``, ``PermissionDenied``, ``ExceedsRefundable``, and ``PlanRefused`` without an offer.
    """
    now = now or timezone.now()
    locked = lock_with_books(case)
    check(locked, Case.accept_offer, by=by, seen=seen)
    resolution = plan_in_force(locked)
    if resolution is None or resolution.approved_at is None:
        raise PlanRefused(_("This offer is no longer available. Contact us if you'd like a new one."))
    resolution.case, resolution.kind = locked, Resolution.Kind.PLAN
    save(resolution, by=by, now=now)
    return carry_out(locked, resolution, by=by, now=now, accepted=True)


@transaction.atomic
def decline_offer(
    case: Case, *, by: Actor, words: str = "", seen: int | None = None, now: datetime | None = None
) -> Case:
    """Decline the offer, with optional ``words``; the review continues without a plan in force."""
    now = now or timezone.now()
    case = take_step(lock_case(case), Case.decline_offer, by=by, seen=seen, now=now)
    save_statement(case, topic=Statement.Topic.REPLY, words=words, by=by, now=now)
    supersede(case, by=by, now=now)
    return case


@transaction.atomic
def take_back(case: Case, *, by: User, seen: int | None = None, now: datetime | None = None) -> Case:
    """Take one's own plan or offer back to the review while nobody has approved it; goods received stay at the bench.

    Raises ``PlanRefused`` (a colleague's plan, somebody has approved), ``TransitionNotAllowed``, ``PermissionDenied``.
    """
    now = now or timezone.now()
    locked = lock_with_books(case)
    step = Case.take_back_to_bench if goods_are_here(bare_lines(locked)) else Case.take_back
    check(locked, step, by=by, seen=seen)
    resolution = plan_in_force(locked)
    if resolution is None or (refusal := why_not_taken_back(resolution, by)):
        raise PlanRefused(refusal if resolution else _("There's no plan to recall."))
    supersede(locked, by=by, now=now)
    return take_step(locked, step, by=by, now=now, resolution=resolution.pk)


def why_not_taken_back(resolution: Resolution, by: User) -> str:
    """A sentence why ``by`` may not take this plan back; "" if they may."""
    if resolution.proposed_by_id != by.pk:
        return _("A colleague made this plan. Only they can recall it; an approver can send it back.")
    if count_approvals(resolution):
        return _("A colleague has already approved this plan. Ask an approver to send it back.")
    return ""


def _make(
    case: LockedWithBooks,
    kind: str,
    items: Sequence[ItemDraft],
    *,
    by: Actor,
    now: datetime,
    goods_come_back: bool,
    gateway: str,
    ways: Mapping[str, str] | None,
    note: str,
    words: str = "",
) -> Resolution:
    """Save a new version with the frozen price of ``items``, the only one in force."""
    priced = price_plan(case, items=items, goods_come_back=goods_come_back, gateway=gateway)
    supersede(case, by=by, now=now)
    resolution = Resolution(
        case=case,
        kind=kind,
        goods_come_back=goods_come_back,
        gateway=gateway,
        ways=dict(ways or {}),
        total=priced.quote.total,
        explanation=[as_facts(item.part) for item in priced.items if item.part],
        note=note,
        words=words,
        proposed_by=author_of(by),
        proposed_at=now,
    )
    _check_ways(resolution, priced)
    save(resolution, by=by, now=now)
    for item in _rows(resolution, priced):
        save_with_history(item, by=author_of(by), now=now)
    return resolution


def _check_ways(resolution: Resolution, priced: PricedPlan) -> None:
    """Raise ``PlanRefused`` for a payment of which nobody has said how it goes back."""
    for payment in payments_by_key([int(tender.id) for tender in priced.quote.payments]).values():
        if not way_for(resolution, payment):
            raise PlanRefused(way_missing(payment))


def _rows(resolution: Resolution, priced: PricedPlan) -> list[Item]:
    return [
        Item(
            resolution=resolution,
            line=item.draft.line,
            shipping=item.draft.shipping,
            remedy=item.draft.remedy,
            quantity=item.draft.quantity if item.draft.line else 1,
            **exchange_values(item.draft.remedy, item.draft),
            units=item.units,
            net=item.part.net if item.part else 0,
            tax=item.part.tax if item.part else 0,
            gross=item.part.gross if item.part else 0,
        )
        for item in priced.items
    ]
