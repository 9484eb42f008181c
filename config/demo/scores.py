"""The demo's rules about quality of delivery, the violations that its parcels make, and what managers said to them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User

from config.demo.delivery_words import WAIVED
from config.demo.words import said
from refunds.ledger.claims import book_claims
from signoff.models import Failing, ScoreRule, Shop, Subject, Violation
from signoff.scorecards.violations import confirm, raise_due, waive

Tariff = ScoreRule.Tariff
RULES = (
    (Subject.CARRIER, Failing.LATE, 20, Tariff.PER_PARCEL, {"GBP": "4.00", "CNY": "8.00"}),
    (Subject.CARRIER, Failing.DAMAGED, 6, Tariff.PERCENT, {"GBP": "30", "CNY": "30"}),
    (Subject.WAREHOUSE, Failing.INCOMPLETE, 10, Tariff.FLAT, {"GBP": "150", "CNY": "500"}),
)
DAYS, AT_LEAST = 30, 8


def make_rules(shop: Shop) -> None:
    """The same rules in both shops; a small shop judges by few parcels."""
    for subject, failing, above, tariff, penalty in RULES:
        ScoreRule.objects.create(
            shop=shop,
            subject=subject,
            failing=failing,
            above_percent=above,
            days=DAYS,
            at_least=AT_LEAST,
            tariff=tariff,
            penalty=Decimal(penalty[shop.currency]),
        )


def judge(*, by: User, today: datetime) -> None:
    """Last month's violations are decided: lateness is waived, harm is claimed. Today's wait."""
    last_month = today - timedelta(days=DAYS + 2)
    raise_due(last_month)
    for violation in Violation.objects.open().select_related("rule__shop").order_by("pk"):
        if violation.rule.failing == Failing.LATE:
            waive(
                violation, by=by, reason=said(WAIVED, violation.rule.shop.language), now=last_month + timedelta(hours=7)
            )
        else:
            confirm(violation, by=by, now=last_month + timedelta(hours=8))
    book_claims(last_month + timedelta(hours=9))
    raise_due(today)
