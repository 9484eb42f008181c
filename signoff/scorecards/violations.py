"""Raise violations of delivery rules from the figures; a manager confirms or waives them."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.db.history import save_with_history
from signoff.jobs import wake
from signoff.models import ScoreRule, Violation
from signoff.money import to_coin
from signoff.scorecards.queries import Span, goods_values, parcels_of, scorecards, span_of
from signoff.scorecards.rules import Card, fold, is_broken, penalty

DECIDE = "signoff.decide_violation"
Status = Violation.Status


class AlreadyDecided(Exception):
    """The violation was decided before. The message is a sentence for the page."""


class ReasonNeeded(Exception):
    """A waiver needs a reason."""


def raise_due(now: datetime | None = None) -> int:
    """Check every active rule against the figures of its last days; returns the number of new violations.

    None is raised for a name that has an open one, nor for days that a decided one covers.
    """
    now = now or timezone.now()
    rules = ScoreRule.objects.filter(active=True).order_by("pk").values_list("pk", flat=True)
    return sum(_raise(rule, now) for rule in rules)


@transaction.atomic
def confirm(violation: Violation, *, by: User, now: datetime | None = None) -> Violation:
    """Confirm: the penalty may be claimed. Raises ``AlreadyDecided``, ``PermissionDenied``."""
    locked = _lock(violation, by)
    _decide(locked, Status.CONFIRMED, by=by, now=now or timezone.now(), reason="")
    transaction.on_commit(wake)
    return locked


@transaction.atomic
def waive(violation: Violation, *, by: User, reason: str, now: datetime | None = None) -> Violation:
    """Waive the penalty. Raises ``AlreadyDecided``, ``PermissionDenied``, ``ReasonNeeded``."""
    if not reason.strip():
        raise ReasonNeeded(_("Explain why you waive the claim. This note is all that colleagues will have later."))
    locked = _lock(violation, by)
    _decide(locked, Status.WAIVED, by=by, now=now or timezone.now(), reason=reason.strip())
    return locked


@transaction.atomic
def _raise(rule: int, now: datetime) -> int:
    """Check one rule; its row lock keeps two workers from raising the same violation."""
    locked = ScoreRule.objects.select_for_update(no_key=True, of=["self"]).select_related("shop").get(pk=rule)
    span = span_of(locked.shop, locked.days, now=now)
    broken = [card for card in scorecards(span, locked.subject) if is_broken(locked, card.tally)]
    if not broken:
        return 0
    covered = {fold(name) for name in _covering(locked, span)}
    fresh = [card for card in broken if fold(card.name) not in covered]
    for card in fresh:
        save_with_history(_violation(locked, span, card, now), by=None, now=now)
    return len(fresh)


def _covering(rule: ScoreRule, span: Span) -> list[str]:
    """Names with an open violation of the rule, or a decided one whose days overlap the span."""
    violations = rule.violations.all()
    covering = violations.filter(status=Status.OPEN) | violations.filter(last_day__gte=span.first)
    return list(covering.values_list("name", flat=True))


def _violation(rule: ScoreRule, span: Span, card: Card, now: datetime) -> Violation:
    failed = parcels_of(span, rule.subject, card.spellings, rule.failing, failed=True).order_by("shipped_at", "pk")
    currency = rule.shop.currency
    values = {
        token: to_coin(Decimal(value.numerator) / Decimal(value.denominator), currency)
        for token, value in goods_values(span, rule.subject, card.spellings, rule.failing).items()
    }
    count = card.tally.failed[rule.failing]
    return Violation(
        rule=rule,
        name=card.name,
        first_day=span.first,
        last_day=span.last,
        parcels=card.tally.counted[rule.failing],
        failed=count,
        evidence=list(failed.values_list("token", flat=True)),
        values={token: str(value) for token, value in values.items()},
        penalty=penalty(rule, failed=count, value=Fraction(sum(values.values())), currency=currency),
        currency=currency,
        raised_at=now,
    )


def _lock(violation: Violation, by: User) -> Violation:
    locked = Violation.objects.select_for_update().get(pk=violation.pk)
    if locked.status != Status.OPEN:
        raise AlreadyDecided(
            _("A colleague has already decided this: %(status)s.") % {"status": locked.get_status_display()}
        )
    if not by.has_perm(DECIDE):
        raise PermissionDenied
    return locked


def _decide(violation: Violation, status: str, *, by: User, now: datetime, reason: str) -> None:
    violation.status, violation.reason = status, reason
    violation.decided_at, violation.decided_by = now, by
    save_with_history(violation, by=by, now=now, why=reason or None)
