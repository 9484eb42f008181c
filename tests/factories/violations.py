"""Violations of delivery rules, one per final state, made by the product's own actions."""

from decimal import Decimal

from django.contrib.auth.models import User

from refunds.ledger.claims import book_claims
from signoff.models import ScoreRule, Shop, Violation
from signoff.scorecards.violations import confirm, raise_due, waive


def break_rules(shop: Shop, manager: User) -> dict[str, Violation]:
    """Violations by status; that which is confirmed is claimed. A parcel has arrived broken before."""
    for penalty in ("5.00", "7.50", "12.00"):
        ScoreRule.objects.create(
            shop=shop, subject="carrier", failing="damaged", above_percent=0, at_least=1, penalty=Decimal(penalty)
        )
    raise_due()
    undecided, so, not_so = Violation.objects.order_by("pk")
    confirmed, waived = confirm(so, by=manager), waive(not_so, by=manager, reason="There was snow on all roads.")
    book_claims()
    return {"open": undecided, "confirmed": confirmed, "waived": waived}
