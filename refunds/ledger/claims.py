"""Claims against partners: each confirmed violation is booked as a claim once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from refunds.models import Claim
from signoff.models import Violation

AT_ONCE = 500


@transaction.atomic
def book_claims(now: datetime | None = None) -> int:
    """Create claims for confirmed violations without one; returns their number.

    The violations are locked: of two workers each books its own, and the second waits for none.
    """
    waiting = Violation.objects.filter(status=Violation.Status.CONFIRMED, claim=None).order_by("pk")
    violations = list(waiting.select_for_update(skip_locked=True, of=["self"])[:AT_ONCE])
    booked = set(Claim.objects.filter(violation__in=violations).values_list("violation", flat=True))
    fresh = [violation for violation in violations if violation.pk not in booked]
    Claim.objects.bulk_create([_claim(violation, now or timezone.now()) for violation in fresh])
    return len(fresh)


def _claim(violation: Violation, now: datetime) -> Claim:
    return Claim(
        violation=violation,
        against=violation.name,
        amount=violation.penalty,
        currency=violation.currency,
        booked_at=now,
    )
