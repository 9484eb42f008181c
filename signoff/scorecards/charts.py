"""Values of SVG charts of scorecards, with their tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format

from signoff.scorecards.rules import Card, Share, Tally
from signoff.scorecards.text import FAILINGS, Link, failed_share, interval, percent, share_of, share_text

LEAST = 0.05  # a drawing never ends before 5 percent, so that few failures look few


def ranking_bars(rows: Iterable[tuple[Card, Link]], failing: str) -> list[dict[str, Any]]:
    """Failure rate of each name that has data, as bars."""
    shares = [(card.name, link, failed_share(card.tally, failing)) for card, link in rows]
    shares_with_data = [(name, link, share) for name, link, share in shares if share.total]
    most = _most([share for _name, _link, share in shares_with_data])
    return [_row(name, link(failing, "failed"), share, most) for name, link, share in shares_with_data]


def comparison_bars(card: Card, cards: Sequence[Card], link: Link) -> list[dict[str, Any]]:
    """Each failure rate of one name beside the rate of the whole shop, as bars."""
    everybody = sum((other.tally for other in cards), Tally())
    shares_with_data = {name: share for name in FAILINGS if (share := failed_share(card.tally, name)).total}
    most = _most(shares_with_data.values())
    rows = []
    for failing, share in shares_with_data.items():
        others = failed_share(everybody, failing)
        row = _row(str(FAILINGS[failing]), link(failing, "failed"), share, most)
        rows.append(row | {"others": bar(others, most=most), "others_value": percent(others.value)})
    return rows


def bar(share: Share, *, most: float = 1.0) -> dict[str, str] | None:
    """Positions in ``signoff/desk/_intervals.html``, on an axis of 0 to 100 that ends at the share ``most``."""
    if not share.total:
        return None
    places = {"low": share.low, "high": share.high, "at": share.value}
    drawn = {name: min(100.0, value / most * 100) for name, value in places.items()}
    return {name: f"{value:.2f}" for name, value in drawn.items()} | {"width": f"{drawn['high'] - drawn['low']:.2f}"}


def time_series(tallies: Mapping[date, Tally], failing: str) -> dict[str, Any]:
    """A line with its confidence band, as SVG points in 100 × 100, and its table.

    Periods without data are left out of the line and marked in the table.
    """
    shares = [(day, share_of(tally, failing)) for day, tally in tallies.items()]
    shares_with_data = [(place, share) for place, (_day, share) in enumerate(shares) if share.total]
    across = 100 / max(1, len(shares) - 1)
    upper = [f"{place * across:.2f},{100 - share.high * 100:.2f}" for place, share in shares_with_data]
    lower = [f"{place * across:.2f},{100 - share.low * 100:.2f}" for place, share in shares_with_data]
    return {
        "line": " ".join(f"{place * across:.2f},{100 - share.value * 100:.2f}" for place, share in shares_with_data),
        "band": " ".join([*upper, *reversed(lower)]) if len(shares_with_data) > 1 else "",
        "rows": [
            {"day": day, "value": share_text(share), "total": share.total, "interval": interval(share)}
            for day, share in shares
        ],
        "first": date_format(shares[0][0], "MONTH_DAY_FORMAT"),
        "last": date_format(shares[-1][0], "MONTH_DAY_FORMAT"),
    }


def _row(label: str, url: str, share: Share, most: float) -> dict[str, Any]:
    drawn = bar(share, most=most)
    return {"label": label, "url": url, "value": share_text(share), "interval": interval(share), "bar": drawn}


def _most(shares: Iterable[Share]) -> float:
    """The end of the axis: slightly above the highest value."""
    return min(1.0, max([LEAST, *(share.high for share in shares)]) * 1.05)
