"""Thousands of refunds that are due, fast: one is made by the product's deeds, the rest are copies, hashes and all."""

import copy
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import connection, models, transaction

from refunds.actions.ledger import entry_hash as ledger_hash
from refunds.models import Entry, Refund
from returns.actions.logbook import entry_hash, history_digest
from returns.models import Case, LogEntry
from signoff.models import Order
from signoff.models.tokens import public_token

AT_ONCE = 250


def copies_of(first: Refund, count: int) -> list[Refund]:
    """``count`` refunds like ``first``, each of a case and an order of its own; whoever opened it is the same."""
    rows = list(_rows(first))
    made: list[Refund] = []
    for numbers in batched(range(count), AT_ONCE, strict=False):
        with transaction.atomic():
            made += _stamp(rows, len(numbers))
    return made


def _rows(first: Refund) -> Iterator[models.Model]:
    """Every row that speaks of one refund and of nothing else, what is pointed at before what points."""
    case, order = first.case, first.case.order
    yield order
    yield from order.lines.all()
    yield from order.payments.all()
    yield from [Case.objects.get(pk=case.pk), *case.lines.all(), *case.resolutions.all()]
    for plan in case.resolutions.all():
        yield from plan.items.all()
    yield first
    for row in (case, *case.lines.all(), *case.resolutions.all(), first):
        yield from row.history.order_by("history_id")
    yield from case.log.order_by("seq")
    yield from case.ledger.order_by("seq")


def _stamp(rows: list[models.Model], count: int) -> list[Refund]:
    keys = {(type(row), row.pk): _keys(type(row), count) for row in rows}
    sheets = [[_copy(row, keys, n) for row in rows] for n in range(count)]
    for sheet in sheets:
        _link(sheet)
    for place, row in enumerate(rows):
        type(row)._base_manager.bulk_create([sheet[place] for sheet in sheets])
    return [row for sheet in sheets for row in sheet if isinstance(row, Refund)]


def _keys(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _copy(row: models.Model, keys: dict[tuple[type[models.Model], int], list[int]], n: int) -> models.Model:
    new = copy.copy(row)
    new._state = copy.copy(row._state)
    new._state.fields_cache = {}
    for field in row._meta.concrete_fields:
        kind = field.related_model if field.is_relation else type(row)
        if field.attname == "id" and (followed := getattr(row, "instance_type", None)):
            kind = followed
        elif field.attname == "history_id" and isinstance(row, LogEntry):
            kind = Case.history.model
        elif not (field.is_relation or field.primary_key):
            continue
        old = new.__dict__[field.attname]
        if (kind, old) in keys:
            new.__dict__[field.attname] = keys[kind, old][n]
    return new


def _link(sheet: Iterable[models.Model]) -> None:
    """Give a copied sheet its own numbers, tokens and chains."""
    heads: dict[type[models.Model], str] = {LogEntry: "", Entry: ""}
    token, case, histories = public_token(), None, {}
    for row in sheet:
        match row:
            case Order():
                row.number, row.token = f"C-{row.pk}", public_token()
            case Case():
                row.number, case = f"K-{row.pk}", row
            case Refund():
                row.token, row.idempotency_key = token, f"{token}-1"
            case LogEntry():
                _chain(row, entry_hash, heads, history_digest(histories[row.history_id]) if row.history_id else "")
                case.head = row.hash
            case Entry():
                _chain(row, ledger_hash, heads)
            case _ if hasattr(row, "history_id"):
                histories[row.history_id] = _as_followed(row, case, token)


def _as_followed(row: Any, case: Case, token: str) -> Any:
    if row.instance_type is Case:
        row.number = case.number
    elif row.instance_type is Refund:
        row.token, row.idempotency_key = token, f"{token}-1"
    return row


def _chain(row: Any, hash_of: Any, heads: dict[type[models.Model], str], digest: str | None = None) -> None:
    if digest is not None:
        row.history_digest = digest
    row.previous = heads[type(row)]
    heads[type(row)] = row.hash = hash_of(row)
