"""Scorecards as text: shares with intervals, and links to the parcels behind them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from babel.numbers import format_decimal, format_percent
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from signoff.models import Failing, ScoreRule, Violation
from signoff.scorecards.rules import STARS, Card, Share, Tally
from signoff.web.formatting import NONE, locale, money

SMALL_SAMPLE = 20  # of fewer parcels a page says how many, not a percentage that looks like knowledge
STARRED = "stars"
LABELS: dict[str, str | Promise] = {
    Failing.LATE: pgettext_lazy("scorecard", "On time"),
    Failing.DAMAGED: pgettext_lazy("scorecard", "Intact"),
    Failing.WRONG: pgettext_lazy("scorecard", "Correct item"),
    Failing.INCOMPLETE: pgettext_lazy("scorecard", "Complete"),
    Failing.LOST: pgettext_lazy("scorecard", "Lost"),
    STARRED: pgettext_lazy("scorecard", "Stars"),
}
FAILINGS: dict[str, str | Promise] = {
    Failing.LATE: pgettext_lazy("scorecard", "Late"),
    Failing.DAMAGED: pgettext_lazy("scorecard", "Damaged"),
    Failing.WRONG: pgettext_lazy("scorecard", "Wrong item"),
    Failing.INCOMPLETE: pgettext_lazy("scorecard", "Incomplete"),
    Failing.LOST: pgettext_lazy("scorecard", "Lost"),
}
type Link = Callable[..., str]
"""From ``failing`` and ``which`` ("failed" or "counted") to the address of the parcels."""


@dataclass(frozen=True)
class Figure:
    """A number of a card: text, sample size, interval, and the URL of its parcels."""

    label: str | Promise
    value: str
    total: int
    span: str
    failed_url: str
    counted_url: str

    @property
    def is_few(self) -> bool:
        """Whether the text itself names the sample size."""
        return self.total < SMALL_SAMPLE and self.label != LABELS[STARRED]


def share_of(tally: Tally, failing: str) -> Share:
    """The share in the column of ``failing``: of parcels without it, except for lost ones."""
    if failing == STARRED:
        return tally.star_share
    if failing == Failing.LOST:
        return failed_share(tally, failing)
    return tally.good_share(failing)


def failed_share(tally: Tally, failing: str) -> Share:
    """Failed parcels among those with data."""
    return Share(tally.failed.get(failing, 0), tally.counted.get(failing, 0))


def figures(card: Card, link: Link) -> list[Figure]:
    """All columns of a card."""
    return [
        Figure(
            label,
            _value(card.tally, failing),
            share_of(card.tally, failing).total,
            _span(card.tally, failing),
            link(failing, "counted" if failing == STARRED else "failed"),
            link(failing, "counted"),
        )
        for failing, label in LABELS.items()
    ]


def percent(value: float) -> str:
    """A percentage with one decimal; less than all is never shown as "100 %"."""
    return format_percent(floor(value * 1000) / 1000 if value > 0.5 else value, "#,##0.0%", locale=locale())


def interval(share: Share) -> str:
    """The confidence interval in percent; "" without data."""
    if not share.total:
        return ""
    low, high = round(share.low * 100), round(share.high * 100)
    return f"{low}–{format_percent(high / 100, '#,##0%', locale=locale())}"


def _value(tally: Tally, failing: str) -> str:
    share = share_of(tally, failing)
    if failing == STARRED:
        return stars(share.value) if share.total else NONE
    return share_text(share)


def _span(tally: Tally, failing: str) -> str:
    share = share_of(tally, failing)
    if failing == STARRED and share.total:
        return f"{stars(share.low)}–{stars(share.high)}"
    return interval(share)


def share_text(share: Share) -> str:
    if not share.total:
        return NONE
    if share.total < SMALL_SAMPLE:
        return _("%(good)d of %(of)d") % {"good": share.good, "of": share.total}
    return percent(share.value)


def stars(part: float) -> str:
    return format_decimal(1 + part * (STARS - 1), "0.0", locale=locale())


MOST_SUMMANDS = 6  # of more different values only the sum is written


def penalty_sums(violation: Violation) -> list[dict[str, str]]:
    """What the goods cost and how the penalty comes about, as arithmetic: "3 × €2.00 + 1 × €5.00 = €11.00".

    Nothing about a penalty that does not follow from its rule as that is today.
    """
    values = [Decimal(value) for value in violation.values.values()]
    worth, rule = sum(values, Decimal(0)), violation.rule
    rows = [{"label": _("Value of the goods"), "words": _sum(values, violation.currency)}] if values else []
    if rule.tariff == ScoreRule.Tariff.PER_PARCEL and rule.penalty * violation.failed == violation.penalty:
        penalty = _product(violation.failed, rule.penalty, violation.currency)
        rows.append({"label": _("Calculation"), "words": f"{penalty} = {money(violation.penalty, violation.currency)}"})
    if rule.tariff == ScoreRule.Tariff.PERCENT and values:
        facts = {
            "percent": format_decimal(rule.penalty.normalize(), locale=locale()),
            "worth": money(worth, violation.currency),
            "penalty": money(violation.penalty, violation.currency),
        }
        rows.append({"label": _("Calculation"), "words": _("%(percent)s%% of %(worth)s = %(penalty)s") % facts})
    return rows


def _sum(values: list[Decimal], currency: str) -> str:
    groups = sorted(Counter(values).items())
    total = money(sum(values, Decimal(0)), currency)
    if len(groups) > MOST_SUMMANDS:
        return total
    return " + ".join(_product(count, value, currency) for value, count in groups) + f" = {total}"


def _product(count: int, amount: Decimal, currency: str) -> str:
    return f"{count} × {money(amount, currency)}"
