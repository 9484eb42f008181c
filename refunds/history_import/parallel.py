"""Replay a file of past returns in several processes, with the same result as in one.

What a return may have depends only on earlier returns of the same orders. So slips that share an order stay
together and in their order, and the groups, which share none, can be played side by side.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache

from django.db import connection

from refunds.history_import.file import Layout, PastReturns, Slip
from refunds.history_import.replay import Replay, Replayed
from refunds.history_import.service_users import ServiceUsers
from refunds.history_import.subprocess_django import set_up
from signoff.jobs import wake_once
from signoff.models import Shop

AT_A_TIME = 20  # slips that a process is given at once

type Advance = Callable[[int], object]


def replay(past: PastReturns, *, shop: Shop, workers: int, advance: Advance) -> Replayed:
    """Replay all of ``past``; ``advance`` is called with the rows done."""
    done = Replayed(refused=list(past.refused))
    ServiceUsers(shop).appear()
    with wake_once():
        for part in _parts(past, shop, workers, advance):
            done.add(part)
    return done


def _parts(past: PastReturns, shop: Shop, workers: int, advance: Advance) -> Iterator[Replayed]:
    chunks = list(_chunks(independent(past.slips)))
    if workers == 1:
        alone = Replay(shop, past.layout)
        for chunk in chunks:
            yield alone.play(chunk)
            advance(_rows(chunk))
        return
    name = str(connection.settings_dict["NAME"])
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=set_up, initargs=(name,)) as pool:
        running = {pool.submit(_play, shop.pk, past.layout, chunk): chunk for chunk in chunks}
        for future in as_completed(running):
            yield future.result()
            advance(_rows(running[future]))


def independent(slips: Sequence[Slip]) -> list[list[Slip]]:
    """``slips`` in groups that share no order; each group, and the groups by their first slip, in their order."""
    leader: dict[str, str] = {}

    def lead(order: str) -> str:
        while leader.setdefault(order, order) != order:
            order = leader[order]
        return order

    for slip in slips:
        first, *other_orders = (lead(past.order) for past in slip.rows)
        for other in other_orders:
            leader[lead(other)] = lead(first)
    groups: dict[str, list[Slip]] = {}
    for slip in slips:
        groups.setdefault(lead(slip.rows[0].order), []).append(slip)
    return list(groups.values())


def _chunks(groups: Sequence[list[Slip]]) -> Iterator[list[Slip]]:
    chunk: list[Slip] = []
    for group in groups:
        chunk += group
        if len(chunk) >= AT_A_TIME:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _rows(slips: Sequence[Slip]) -> int:
    return sum(len(slip.rows) for slip in slips)


@lru_cache(maxsize=1)
def _own(shop: int) -> Shop:
    return Shop.objects.get(pk=shop)


def _play(shop: int, layout: Layout, slips: Sequence[Slip]) -> Replayed:
    """Replay a chunk of slips in a process of the pool."""
    with wake_once():
        return Replay(_own(shop), layout).play(slips)
