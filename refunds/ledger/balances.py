"""Balances of the accounts, without a sum over the whole ledger for each request.

Entries never change, so the sum of old ones is constant: it is computed once and cached, and moved on as the ledger
grows, so that no request adds up more than the newest entries.
"""

from decimal import Decimal

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, QuerySet, Sum

from refunds.ledger.queries import Balance
from refunds.models import Entry

RECENT = 10_000  # entries: one of them may be a transaction's that has not ended yet
CACHE_SECONDS = 30 * 24 * 3600

type Sums = dict[tuple[str, str], Decimal]  # (currency, account) → amount


def balances_of(entries: QuerySet[Entry]) -> dict[str, list[Balance]]:
    """The balance of each account over ``entries``, by currency."""
    return _by_currency(_added_up(entries)[1])


def balances(account: str = "", *, recent: int = RECENT) -> dict[str, list[Balance]]:
    """The balance of each account, or of ``account``, by currency; all accounts of a currency add up to zero.

    Of the cached sums at least the ``recent`` entries are left out: they are added up anew each time.
    """
    upto, sums = cache.get(_key()) or _move_on(0, {}, recent)
    newest, tail = _added_up(Entry.objects.filter(pk__gt=upto))
    if newest - upto > 2 * recent:
        _move_on(upto, sums, recent)
    total = _plus(sums, tail)
    return _by_currency({place: amount for place, amount in total.items() if account in ("", place[1])})


def _move_on(upto: int, sums: Sums, recent: int) -> tuple[int, Sums]:
    """Add to the cached sums what lies between ``upto`` and the ``recent`` entries."""
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    final = max(upto, newest - recent)
    _last, more = _added_up(Entry.objects.filter(pk__gt=upto, pk__lte=final))
    cached = (final, _plus(sums, more))
    cache.set(_key(), cached, CACHE_SECONDS)
    return cached


def _key() -> str:
    """One key for each database: they may share a cache."""
    return f"refunds.ledger.balances.{connection.settings_dict['NAME']}"


def _plus(sums: Sums, more: Sums) -> Sums:
    return {place: sums.get(place, Decimal(0)) + more.get(place, Decimal(0)) for place in {**sums, **more}}


def _added_up(entries: QuerySet[Entry]) -> tuple[int, Sums]:
    """The greatest primary key of ``entries``, and their sums."""
    sums = list(entries.order_by().values_list("currency", "account").annotate(Sum("amount"), Max("pk")))
    newest = max((newest for *_place, _amount, newest in sums), default=0)
    return newest, {(currency, account): amount for currency, account, amount, _newest in sums}


def _by_currency(sums: Sums) -> dict[str, list[Balance]]:
    labels = dict(Entry.Account.choices)
    places = {account: place for place, account in enumerate(Entry.Account.values)}
    by_currency: dict[str, list[Balance]] = {}
    for currency, account in sorted(sums, key=lambda key: (key[0], places[key[1]])):
        balance = Balance(account, str(labels[account]), sums[currency, account], currency)
        by_currency.setdefault(currency, []).append(balance)
    return by_currency
