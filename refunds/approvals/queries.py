"""Queries for the approval queue, and for answers and tiers of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django_stubs_ext import WithAnnotations

from refunds.models import Approval, ApprovalTier, Item, Resolution
from refunds.pricing.queries import approvers
from refunds.pricing.rules import NEEDS_GOODS, needed_approvers
from returns.models import Case
from returns.permissions import APPROVE
from signoff.db.prepared.compiled import CompiledQuery
from signoff.web.next_item import key_of

_TIERS = CompiledQuery(lambda shop: ApprovalTier.objects.filter(shop_id=shop))
_APPROVALS = CompiledQuery(
    lambda plan: (
        Approval.objects.filter(resolution_id=plan, answer=Approval.Answer.APPROVED, by__isnull=False)
        .order_by()
        .values_list("pk", flat=True)
    )
)
_ANSWERS_OF_PERSON = CompiledQuery(
    lambda plan, by: Approval.objects.filter(resolution_id=plan, by_id=by).order_by().values_list("pk", flat=True)
)
_ITEMS_THAT_NEED_GOODS = CompiledQuery(
    lambda plan: Item.objects.filter(resolution_id=plan, line__isnull=False, remedy__in=NEEDS_GOODS).order_by()
)


FOR_ME, FOR_OTHERS, DECIDED = "me", "others", "decided"


class PlansInForce(TypedDict):
    """Attributes that ``awaiting_approval`` adds to every case."""

    plans_in_force: list[Resolution]


type Planned = WithAnnotations[Case, PlansInForce]


@dataclass(frozen=True)
class WaitingPlan:
    """A row of the approval queue. ``own``: the user proposed the plan; ``answered``: the user has approved it."""

    case: Case
    plan: Resolution
    approved: int
    needed: int
    own: bool
    answered: bool


def awaiting_approval(user: User | AnonymousUser) -> QuerySet[Planned]:
    """Cases whose plan waits for approval, each with its plan, items and answers prefetched."""
    plans = (
        Resolution.objects.filter(superseded_at=None)
        .select_related("proposed_by")
        .prefetch_related(
            Prefetch("items", Item.objects.select_related("line__order_line", "line__reason", "shipping")), "approvals"
        )
    )
    cases = Case.objects.visible_to(user).waiting_for(APPROVE).with_people()
    return cases.prefetch_related(Prefetch("resolutions", plans, to_attr="plans_in_force"))


def next_approval_url(user: User, done: object) -> str:
    """The page of the plan that is due first among those ``user`` may answer; "" when there is none."""
    planned = Resolution.objects.filter(superseded_at=None, case=OuterRef("pk"))
    waiting = Case.objects.visible_to(user).waiting_for(APPROVE).filter(Exists(planned))
    case = waiting.exclude(pk__in=_concerned(user)).exclude(pk=key_of(done)).first()
    return f"{case.get_absolute_url()}authorise/" if case else ""


def waiting_for_me(user: User | AnonymousUser) -> QuerySet[Planned]:
    """Cases with a plan that ``user`` may answer: not an own one, and not answered yet."""
    return awaiting_approval(user).exclude(pk__in=_concerned(user))


def waiting_for_others(user: User | AnonymousUser) -> QuerySet[Planned]:
    """Cases with a plan that somebody else has to answer: ``user`` proposed it, or has approved it already."""
    return awaiting_approval(user).filter(pk__in=_concerned(user))


def decided() -> QuerySet[Approval]:
    """Answers of people, to any plan."""
    return Approval.objects.filter(by__isnull=False)


def answers_with_cases() -> QuerySet[Approval]:
    """Answers with what a row of the list shows."""
    return Approval.objects.select_related(
        "by", "proposed_by", "resolution__case__customer", "resolution__case__order", "resolution__case__shop"
    )


def _concerned(user: User | AnonymousUser) -> QuerySet[Resolution, int]:
    """Keys of the cases whose open plan ``user`` proposed or approved: few, and found without reading the queue."""
    open_plans = Resolution.objects.filter(superseded_at=None, approved_at=None).order_by()
    proposed = open_plans.filter(proposed_by=user.pk).values_list("case", flat=True)
    return proposed.union(open_plans.filter(approvals__by=user.pk).values_list("case", flat=True))


def as_rows(cases: Sequence[Planned], user: User) -> list[WaitingPlan]:
    """Rows for cases of ``awaiting_approval``; one more query, for the tiers of their shops."""
    tiers = list(ApprovalTier.objects.filter(shop__in={case.shop_id for case in cases}).order_by("above"))
    return [_row(case, case.plans_in_force[0], tiers, user) for case in cases if case.plans_in_force]


def _row(case: Case, plan: Resolution, tiers: Sequence[ApprovalTier], user: User) -> WaitingPlan:
    yes = approvers(plan)
    return WaitingPlan(
        case=case,
        plan=plan,
        approved=len(yes),
        needed=needed_approvers([tier for tier in tiers if tier.shop_id == case.shop_id], plan.total),
        own=plan.proposed_by_id == user.pk,
        answered=user.pk in yes,
    )


def tiers_of(shop_id: int) -> list[ApprovalTier]:
    """The approval tiers of a shop."""
    return _TIERS.all(shop_id)


def count_approvals(plan: Resolution) -> int:
    """How many people have approved the plan so far; the system's own approval does not count."""
    return len(_APPROVALS.all(plan.pk))


def has_answered(plan: Resolution, by: User) -> bool:
    """Whether this person has approved, sent back or rejected the plan."""
    return bool(_ANSWERS_OF_PERSON.all(plan.pk, by.pk))


def items_that_need_goods(plan: Resolution) -> list[Item]:
    """Items of the plan for which the shop takes the goods back."""
    return _ITEMS_THAT_NEED_GOODS.all(plan.pk)
