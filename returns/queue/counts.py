"""Counts on the queue's page, of its tabs and of the tiles above them, in one query."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from returns.models import Case
from returns.models.queues import CaseQuerySet
from returns.queue.filters import CaseFilter
from returns.queue.tabs import LEAVES, STATE_TABS, TURNS
from signoff.db.counts import LIMIT, CappedCounts, capped_label, count_each

REACH = 120  # a filter without an index of its own is counted among this many cases of a tab
OWN_REACH = 250  # the user's own cases have an index, and there are seldom more of them on a tab


def queue_counts(
    chosen: CaseFilter, *, user: User, with_stats: bool, matching: QuerySet | None = None
) -> dict[str, str]:
    """How many cases each tab holds of what is chosen, as shown on the page ("" where it is not known).

    With ``with_stats`` also ``stat:open``, ``stat:decide``, ``stat:overdue`` and ``stat:mine``, about all cases.
    ``matching`` (the cases of all pages) are counted as "matching", with filters up to ``REACH``, unless they are
    searched for.
    """
    now = timezone.now()
    if chosen.searching:  # a search runs once, not once more for each tab
        counts = _STATS.fetch(now, user.pk) if with_stats else {}
    elif chosen.narrowed:
        all_of = {} if matching is None else {"matching": matching.order_by()[: REACH + 1]}
        counts = count_each((_stats(now, user.pk) if with_stats else {}) | _narrowed(chosen) | all_of)
    else:
        counts = _STATS_AND_TABS.fetch(now, user.pk) if with_stats else _TABS.fetch(user.pk)
        counts["matching"] = counts[chosen.chosen_tab]
    most = REACH if chosen.narrowed else LIMIT
    labels = {name: capped_label(count, limit=most if name == "matching" else LIMIT) for name, count in counts.items()}
    return labels | (_tab_labels(counts, reach=_reach(chosen)) if chosen.narrowed and not chosen.searching else {})


def _stats(now: datetime, user: int) -> dict[str, QuerySet]:
    return {
        "stat:open": Case.objects.open(),
        "stat:decide": _on("decide", Case.objects.all()),
        "stat:overdue": Case.objects.overdue(now=now),
        "stat:mine": Case.objects.owned_by(user),
    }


def _tabs(user: int) -> dict[str, QuerySet]:
    turns: dict[str, QuerySet] = {turn: Case.objects.whose_turn(turn, user) for turn in TURNS}
    return turns | {tab: _on(tab, Case.objects.all()) for tab in STATE_TABS}


_STATS, _TABS = CappedCounts(_stats), CappedCounts(_tabs)
_STATS_AND_TABS = CappedCounts(lambda now, user: _stats(now, user) | _tabs(user))


def _on(tab: str, cases: CaseQuerySet) -> CaseQuerySet:
    return cases if tab == "all" else cases.filter(status__in=STATE_TABS[tab])


def _reach(chosen: CaseFilter) -> int:
    return OWN_REACH if chosen.mine_only else REACH


def _narrowed(chosen: CaseFilter) -> dict[str, QuerySet]:
    """For each leaf tab the cases looked at, and those of them that match the filters."""
    cases = chosen.owned(Case.objects.all(), "owner", "me") if chosen.mine_only else Case.objects.all()
    looked = {leaf: _on(leaf, cases).order_by()[: _reach(chosen) + 1] for leaf in LEAVES}
    found = {f"found:{leaf}": chosen.narrow(Case.objects.filter(pk__in=looked[leaf].values("pk"))) for leaf in LEAVES}
    return {f"looked:{leaf}": rows for leaf, rows in looked.items()} | found


def _tab_labels(counts: Mapping[str, int], *, reach: int) -> dict[str, str]:
    """Exact where every case was looked at; else a lower bound with "+", or nothing where that is zero."""
    labels = {}
    for tab in STATE_TABS:
        leaves = [leaf for leaf in LEAVES if set(STATE_TABS[leaf]) <= set(STATE_TABS[tab])]
        total = sum(counts[f"found:{leaf}"] for leaf in leaves)
        if all(counts[f"looked:{leaf}"] <= reach for leaf in leaves):
            labels[tab] = capped_label(total)
        else:
            labels[tab] = f"{min(total, LIMIT)}+" if total else ""
    return labels
