"""Delivery quality rules of the demo, the violations of its carriers, and how managers decided them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User

from config.demo.delivery_texts import WAIVED
from config.demo.texts import text_in
from refunds.ledger.claims import book_claims
from signoff.models import Failing, ScoreRule, Shop, Subject, Violation
from signoff.scorecards.violations import confirm, raise_due, waive

Tariff = ScoreRule.Tariff
RULES = (
    (Subject.CARRIER, Failing.LATE, 20, Tariff.PER_PARCEL, {"GBP": "4.00", "CNY": "8.00"}),
    (Subject.CARRIER, Failing.DAMAGED, 6, Tariff.PERCENT, {"GBP": "30", "CNY": "30"}),
    (Subject.WAREHOUSE, Failing.INCOMPLETE, 10, Tariff.FLAT, {"GBP": "150", "CNY": "500"}),
)
RULE_DAYS, MIN_PARCELS = 30, 8


def make_rules(shop: Shop) -> None:
    """Make the delivery quality rules, the same in both shops; few parcels suffice, because the shops are small."""
    for subject, failing, above, tariff, penalty in RULES:
        ScoreRule.objects.create(
            shop=shop,
            subject=subject,
            failing=failing,
            above_percent=above,
            days=RULE_DAYS,
            at_least=MIN_PARCELS,
            tariff=tariff,
            penalty=Decimal(penalty[shop.currency]),
        )


def decide_violations(*, by: User, today: datetime) -> None:
    """Decide last month's violations: late parcels are waived, damage is confirmed and claimed. Today's stay open."""
    last_month = today - timedelta(days=RULE_DAYS + 2)
    raise_due(last_month)
    for violation in Violation.objects.open().select_related("rule__shop").order_by("pk"):
        if violation.rule.failing == Failing.LATE:
            waive(
                violation,
                by=by,
                reason=text_in(WAIVED, violation.rule.shop.language),
                now=last_month + timedelta(hours=7),
            )
        else:
            confirm(violation, by=by, now=last_month + timedelta(hours=8))
    book_claims(last_month + timedelta(hours=9))
    raise_due(today)
