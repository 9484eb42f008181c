"""The trail of a refund: its history rows, counted and chained, so that changed, missing or inserted rows are detected.

``Refund.steps`` is their number and ``Refund.trail`` the hash of the last one over all before it. Entries of the
logbook pin both: a trail that was recomputed does not match them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from refunds.models import Refund
from returns.logbook import writer
from returns.logbook.writer import Actor
from signoff.db import history as db
from signoff.db.digests import columns_of, link

REFUND = "refund"
_OWN = frozenset({"history_id", "id"})

_history: Any = Refund.history


def next_trail(before: str, row: Any) -> str:
    """The trail after one more history row; its own key and the refund's are not covered."""
    return link(before, columns_of(row, without=_OWN))


def pinned(refund: Refund) -> dict[str, str]:
    """What a logbook entry pins of a refund: the number of its history rows, and the trail over them."""
    return {f"{REFUND}:{refund.token}/{refund.steps}": refund.trail}


def check_refunds(pinned: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The pinned trails that the refunds' histories still have; ``returns.logbook.digests`` calls it."""
    refunds = Refund.objects.filter(token__in={name.partition("/")[0] for name in pinned})
    tokens = dict(refunds.values_list("pk", "token"))
    matches = {}
    for key, rows in _rows_of(tokens).items():
        for count, trail in enumerate(_trails(rows), start=1):
            name = f"{tokens[key]}/{count}"
            if name in pinned:
                matches[name] = [pinned_trail for pinned_trail in pinned[name] if pinned_trail == trail]
    return matches


def broken_trails(refunds: Collection[Refund]) -> Iterator[tuple[Refund, str]]:
    """Refunds whose history differs from the one that was written, with the problem."""
    rows = _rows_of([refund.pk for refund in refunds])
    for refund in refunds:
        own = rows.get(refund.pk, [])
        numbers = {row.steps for row in own}
        missing = [number for number in range(1, refund.steps + 1) if number not in numbers]
        if missing:
            yield refund, f"row {missing[0]} of its history is missing"
        elif len(own) != refund.steps:
            yield refund, f"its history has {len(own)} rows, {refund.steps} were written"
        elif list(_trails(own))[-1:] != [refund.trail]:
            yield refund, "its history is not what was written"


def _rows_of(keys: Iterable[int]) -> dict[int, list[Any]]:
    rows_by_refund: dict[int, list[Any]] = {}
    for row in _history.filter(id__in=list(keys)).order_by("id", "history_id"):
        rows_by_refund.setdefault(row.id, []).append(row)
    return rows_by_refund


def _trails(rows: Iterable[Any]) -> Iterator[str]:
    """The trail after each of the rows."""
    trail = ""
    for row in rows:
        trail = next_trail(trail, row)
        yield trail


def save_refund(refund: Refund, *, by: Actor, now: datetime, why: str | None = None) -> None:
    """Save a locked or new refund with one history row, and extend its trail."""
    refund.steps += 1
    kind = "+" if refund._state.adding else "~"
    row = db.history_row(refund, kind=kind, by=writer.author_of(by), now=now, why=why)
    refund.trail = next_trail(refund.trail, row)
    db.save_with_history(refund, by=writer.author_of(by), now=now, why=why)
