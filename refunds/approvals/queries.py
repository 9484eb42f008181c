"""How plans are found: the queue of the approvers, with everything a row shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Prefetch, QuerySet
from django_stubs_ext import WithAnnotations

from refunds.models import ApprovalTier, Item, Resolution
from refunds.pricing.queries import approvers
from refunds.pricing.tiers import needed
from returns.models import Case
from returns.permissions import APPROVE


class PlansInForce(TypedDict):
    """What ``awaiting_approval`` puts on every case."""

    plans_in_force: list[Resolution]


type Planned = WithAnnotations[Case, PlansInForce]


@dataclass(frozen=True)
class Waiting:
    """One row of the queue: a case, its plan, how many of how many have approved, and whether it is one's own."""

    case: Case
    plan: Resolution
    given: int
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


def as_rows(cases: Sequence[Planned], user: User) -> list[Waiting]:
    """Rows for cases of ``awaiting_approval``; one more query, for the tiers of their shops."""
    tiers = list(ApprovalTier.objects.filter(shop__in={case.shop_id for case in cases}).order_by("above"))
    return [_row(case, case.plans_in_force[0], tiers, user) for case in cases if case.plans_in_force]


def _row(case: Case, plan: Resolution, tiers: Sequence[ApprovalTier], user: User) -> Waiting:
    yes = approvers(plan)
    return Waiting(
        case=case,
        plan=plan,
        given=len(yes),
        needed=needed([tier for tier in tiers if tier.shop_id == case.shop_id], plan.total),
        own=plan.proposed_by_id == user.pk,
        answered=user.pk in yes,
    )
