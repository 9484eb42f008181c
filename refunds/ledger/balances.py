"""Balances of the accounts, without a sum over the whole ledger for each request.

Entries never change, so the sum of old ones is constant: it is computed once and cached, and only newer entries are
added to it.
"""

from decimal import Decimal

from django.core.cache import cache
from django.db.models import QuerySet, Sum

from refunds.ledger.queries import Balance
from refunds.models import Entry

KEY = "refunds.ledger.balances"
RECENT = 10_000  # entries: one of them may be a transaction's that has not ended yet
CACHE_SECONDS = 24 * 3600  # seconds

type Sums = dict[tuple[str, str], Decimal]  # (currency, account) → amount


def balances_of(entries: QuerySet[Entry]) -> dict[str, list[Balance]]:
    """The balance of each account over ``entries``, by currency."""
    return _by_currency(_added_up(entries))


def balances(account: str = "", *, recent: int = RECENT) -> dict[str, list[Balance]]:
    """The balance of each account, or of ``account``, by currency; all accounts of a currency add up to zero.

    The ``recent`` entries are added up anew each time.
    """
    upto, sums = _cached_sums(recent)
    total: Sums = dict(sums)
    for place, amount in _added_up(Entry.objects.filter(pk__gt=upto)).items():
        total[place] = total.get(place, Decimal(0)) + amount
    return _by_currency({place: amount for place, amount in total.items() if account in ("", place[1])})


def _cached_sums(recent: int) -> tuple[int, Sums]:
    """The cached sums, and the key of the last entry that they include."""
    cached = cache.get(KEY)
    if cached is None:
        newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        upto = max(0, newest - recent)
        cached = (upto, _added_up(Entry.objects.filter(pk__lte=upto)))
        cache.set(KEY, cached, CACHE_SECONDS)
    return cached


def _added_up(entries: QuerySet[Entry]) -> Sums:
    sums = entries.order_by().values_list("currency", "account").annotate(Sum("amount"))
    return {(currency, account): amount for currency, account, amount in sums}


def _by_currency(sums: Sums) -> dict[str, list[Balance]]:
    labels = dict(Entry.Account.choices)
    places = {account: place for place, account in enumerate(Entry.Account.values)}
    by_currency: dict[str, list[Balance]] = {}
    for currency, account in sorted(sums, key=lambda key: (key[0], places[key[1]])):
        balance = Balance(account, str(labels[account]), sums[currency, account], currency)
        by_currency.setdefault(currency, []).append(balance)
    return by_currency
