"""Thousands of due refunds, fast: the product makes one, the rest are copies with valid hashes."""

import copy
from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.db import connection, models, transaction

from refunds.ledger.booking import entry_hash as ledger_hash
from refunds.ledger.trail import next_trail
from refunds.models import Entry, Refund, Resolution
from returns.logbook.writer import entry_hash, history_digest
from returns.models import Case, LogEntry
from signoff.db.tokens import public_token
from signoff.models import Order

AT_ONCE = 250


def _named_refund(row: Any) -> dict[str, str]:
    token = public_token()
    return {"token": token, "idempotency_key": f"{token}-1"}


#: what a copy must not share with its pattern
NAMED = {
    Order: lambda row: {"number": f"C-{row.pk}", "token": public_token()},
    Case: lambda row: {"number": f"K-{row.pk}"},
    Refund: _named_refund,
}


def copies_of(first: Refund, count: int) -> list[Refund]:
    """``count`` refunds like ``first``, each of a case and an order of its own; whoever opened it is the same."""
    rows = _rows(first)
    made: list[Refund] = []
    for numbers in batched(range(count), AT_ONCE, strict=False):
        with transaction.atomic():
            made += _stamp(rows, len(numbers))
    return made


def _rows(first: Refund) -> list[models.Model]:
    """Every row that speaks of one refund and of nothing else, what is pointed at before what points."""
    case, order = Case.objects.get(pk=first.case_id), Order.objects.get(pk=first.case.order_id)
    rows = [order, *order.lines.all(), *order.payments.all(), case, *case.lines.all()]
    for plan in case.resolutions.all():
        rows += [plan, *plan.items.all(), *plan.approvals.all()]
    rows.append(first)
    rows += [old for row in rows if hasattr(row, "history") for old in row.history.order_by("history_id")]
    return [*rows, *case.log.order_by("seq"), *case.ledger.order_by("seq")]


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
    names: dict[type[models.Model], dict[str, str]] = {}
    case, plan, refund, histories = None, None, None, {}
    for row in sheet:
        kind = getattr(row, "instance_type", type(row))
        if kind in NAMED:
            row.__dict__.update(names.setdefault(kind, NAMED[kind](row)))
        match row:
            case Case():
                case = row
            case Resolution():
                plan = row
            case Refund():
                refund, refund.trail = row, ""
            case LogEntry():
                row.case = case
                row.facts = row.facts | ({"resolution": plan.pk} if "resolution" in row.facts else {})
                row.history_digest = history_digest(histories[row.history_id]) if row.history_id else ""
                case.head = _chain(row, entry_hash, heads)
            case Entry():
                row.case, row.refund = case, row.refund_id and refund
                _chain(row, ledger_hash, heads)
            case _ if kind is Case:
                histories[row.pk] = row
            case _ if kind is Refund:
                refund.trail = next_trail(refund.trail, row)


def _chain(row: Any, hash_of: Any, heads: dict[type[models.Model], str]) -> str:
    row.previous = heads[type(row)]
    heads[type(row)] = row.hash = hash_of(row)
    return row.hash
