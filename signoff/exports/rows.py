"""The rows of an export, read in chunks by a cursor on the server, so that memory does not grow with their number."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from signoff.web.desk_lists import Cell, Column, DeskList, Found
from signoff.web.keyset import fetch_by_keys
from signoff.web.spreadsheet import safe_cell

CENTS = Decimal("0.01")
CHUNK = 500  # rows that are loaded at once


def rows_of(desk_list: DeskList, found: Found, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """The cells of every row, in the order of the page; moments in the zone of the row's shop."""
    key, sign = found.order.key, "-" if found.order.key.startswith("-") else ""
    keys = found.rows.order_by(key, f"{sign}pk").values_list("pk", flat=True)
    load: Any = found.load if found.load is not None else found.rows.order_by()
    with transaction.atomic():  # the cursor lives as long as its transaction
        for chunk in batched(_keys(keys), CHUNK):
            rows = fetch_by_keys(list(chunk), load)
            if found.sift is not None:  # a condition without an index is checked chunk by chunk
                manager = found.rows.model._default_manager
                matching = set(found.sift(manager.filter(pk__in=chunk)).values_list("pk", flat=True))
                rows = [row for row in rows if row.pk in matching]
            for row in rows:
                zone = ZoneInfo(desk_list.zone(row))
                yield [_in_zone(column.cell(row), zone) for column in columns]
                # prefetched rows refer back to their row: without this, all wait for the garbage collector
                getattr(row, "_prefetched_objects_cache", {}).clear()


def _keys(keys: QuerySet) -> Iterator[int]:
    return keys.iterator(chunk_size=CHUNK)


def _in_zone(value: Cell, zone: ZoneInfo) -> Cell:
    if isinstance(value, Decimal) and value == value.quantize(CENTS):
        return value.quantize(CENTS)  # three places are kept, which only a few currencies use
    return value.astimezone(zone) if isinstance(value, datetime) else value


def as_text(value: Cell) -> str:
    """A cell as text: moments with their offset, numbers plain, words safe for a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return str(value)
    return safe_cell(str(value))
