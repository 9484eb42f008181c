"""Reasons of a shop as choices for the shopper."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from returns.models import Reason
from returns.models.reasons import Remedy

GOODS_STAY = (Remedy.COMPENSATION, Remedy.RESEND)
#: remedies that fit the usual reasons, by their code; other reasons are judged by who is liable and what comes back
BY_CODE: dict[str, tuple[str, ...]] = {
    "missing": (Remedy.REFUND, Remedy.RESEND),
    "late": (Remedy.REFUND, Remedy.COMPENSATION),
    "wrong_item": (Remedy.REFUND, Remedy.EXCHANGE, Remedy.COMPENSATION),
}
CHANGED_MIND = (Remedy.REFUND, Remedy.EXCHANGE)
FAULTY_KEPT = (Remedy.REFUND, Remedy.RESEND, Remedy.COMPENSATION)
FAULTY = (Remedy.REFUND, Remedy.EXCHANGE, Remedy.REPAIR, Remedy.COMPENSATION)


def leaves(reasons: Iterable[Reason]) -> list[Reason]:
    """Active reasons without active children."""
    offered = [reason for reason in reasons if reason.active]
    parents = {reason.parent_id for reason in offered}
    return [reason for reason in offered if reason.pk not in parents]


def travels(reason: Reason, wish: str) -> bool:
    """Whether goods with this reason and wish are expected to come back, before a plan decides."""
    return reason.goods_come_back and wish not in GOODS_STAY


def remedies_for(reason: Reason) -> tuple[str, ...]:
    """The remedies that a shopper with this reason may wish for; a policy will answer this in its place."""
    fitting = BY_CODE.get(reason.code) or _by_kind(reason)
    return fitting if reason.default_remedy in fitting else (*fitting, reason.default_remedy)


def _by_kind(reason: Reason) -> tuple[str, ...]:
    if reason.liability == Reason.Liability.SHOPPER:
        return CHANGED_MIND
    return FAULTY if reason.goods_come_back else FAULTY_KEPT


def choices(reasons: Iterable[Reason]) -> list[tuple[str, Any]]:
    """Choices for a select, grouped by parent reason; ``reasons`` are all of one shop, in their order."""
    reasons = list(reasons)
    titles: dict[int | None, str] = {reason.pk: reason.title for reason in reasons}
    groups: dict[int | None, list[tuple[str, str]]] = {}
    for reason in leaves(reasons):
        groups.setdefault(reason.parent_id, []).append((reason.code, _label(reason)))
    single = groups.pop(None, [])
    return [
        ("", _("Choose what fits best")),
        *((titles.get(parent, ""), group) for parent, group in groups.items()),
        *single,
    ]


def _label(reason: Reason) -> str:
    if not reason.photos_required:
        return reason.title
    return _("%(reason)s (with photos)") % {"reason": reason.title}
