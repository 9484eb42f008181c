"""Writing the logbook: the only code that makes entries, on a case that is locked.

An entry, the history row it pins and the case's new head are one statement. Its hash covers its own id, that of
the history row and the number of the transaction, so these are fetched beforehand: with the case's lock.
"""

import functools
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from returns.logbook.verbs import check_entry
from returns.models import Case, LogEntry
from signoff.db.digests import digest, link
from signoff.db.history import TableColumns, history_model, history_row, table_columns
from signoff.db.prepared.statements import allow_prepare
from signoff.models import Customer

Actor = User | Customer | None


def author_of(by: Actor) -> User | None:
    """The member of staff whom history rows name; shoppers and the system have no account."""
    return by if isinstance(by, User) else None


@dataclass(frozen=True)
class Place:
    """Where the next entry goes: its id, that of the history row it may pin, the running transaction's number."""

    entry: int
    history: int
    transaction: int


def lock(key: int) -> Case:
    """The case with this primary key as it is now, locked, with the places of its next two entries at hand."""
    with connection.cursor() as cursor:
        cursor.execute(_texts().lock, [key])
        found = cursor.fetchone()
    if found is None:
        raise Case.DoesNotExist(key)
    columns = [field.attname for field in Case._meta.concrete_fields]
    case = Case.from_db(connection.alias, columns, found[: len(columns)])
    first, second = found[len(columns) : -3], found[-3:]
    case._places = [Place(*second), Place(*first)]
    transaction.on_commit(case._places.clear)  # they are this transaction's alone
    return case


def lock_again(case: Case) -> Case:
    """``lock`` for a case at hand; the order, customer and shop that were read with it stay at hand."""
    locked = lock(case.pk)
    for name in ("order", "customer", "shop"):  # a case never changes these
        if name in case._state.fields_cache:
            setattr(locked, name, getattr(case, name))
    return locked


def first_place() -> tuple[int, int, Place]:
    """Key and running number for a new case, and the place of its first entry."""
    with connection.cursor() as cursor:
        cursor.execute(_texts().new)
        key, serial, *place = cursor.fetchone()
    return key, serial, Place(*place)


@transaction.atomic
def note(case: Case, verb: str, *, by: Actor, reason: str = "", now: datetime | None = None, **facts: Any) -> LogEntry:
    """Record something that happened without a step, such as an approval or a payment; locks the case.

    ``facts`` are ids and figures, never personal data. The passed instance is brought up to date.
    """
    locked = lock(case.pk)
    entry = note_locked(locked, verb, by=by, reason=reason, now=now or timezone.now(), **facts)
    case.seq, case.head = locked.seq, locked.head
    return entry


def note_locked(case: Case, verb: str, *, by: Actor, now: datetime, reason: str = "", **facts: Any) -> LogEntry:
    """``note`` for a case that this transaction has locked, and as it is now."""
    entry = _entry(case, verb, _take_place(case), by=by, source=case.status, now=now, reason=reason, facts=facts)
    _write(_texts().noted, [*table_columns(LogEntry).values(entry), entry.pk], case.seq, case.head, case.pk)
    return entry


def record(
    case: Case,
    verb: str,
    *,
    by: Actor,
    source: str,
    now: datetime,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> LogEntry:
    """Save all columns of a locked case with its history row and its logbook entry, the three in step.

    A new case is one that is not saved yet and has its key.
    """
    place, new = _take_place(case), case._state.adding
    past = _past(case, place, by=by, now=now, why=reason or verb, kind="+" if new else "~")
    entry = _entry(case, verb, place, by=by, source=source, now=now, reason=reason, facts=facts, past=past)
    told = [*table_columns(type(past)).values(past), past.pk, *table_columns(LogEntry).values(entry), entry.pk]
    _write(_texts().opened if new else _texts().moved, told, *table_columns(Case).values(case), case.pk)
    case._state.adding, case._state.db = False, connection.alias
    return entry


def _take_place(case: Case) -> Place:
    """The places that came with the lock, each once; whatever else is written needs a fresh one."""
    if places := case.__dict__.get("_places"):
        return places.pop()
    with connection.cursor() as cursor:
        cursor.execute(_texts().place)
        return Place(*cursor.fetchone())


def _past(case: Case, place: Place, *, by: Actor, now: datetime, why: str, kind: str) -> Any:
    """The history row: the case as it will be, its new number included."""
    case.seq += 1
    past = history_row(case, kind=kind, by=author_of(by), now=now, why=why)
    past.pk = place.history
    case.seq -= 1
    return past


def _entry(
    case: Case,
    verb: str,
    place: Place,
    *,
    by: Actor,
    source: str,
    now: datetime,
    reason: str,
    facts: dict[str, Any] | None,
    past: Any = None,
) -> LogEntry:
    """The next entry, chained to the last; the case's ``seq`` and ``head`` are brought up to it."""
    check_entry(verb, facts or {})
    entry = LogEntry(
        id=place.entry,
        transaction=place.transaction,
        case=case,
        seq=case.seq + 1,
        at=now,
        verb=verb,
        source=source,
        target=case.status,
        by=author_of(by),
        by_shopper=isinstance(by, Customer),
        reason=reason,
        facts=facts or {},
        history_id=past and past.pk,
        history_digest=history_digest(past) if past else "",
        previous=case.head,
    )
    entry.hash = entry_hash(entry)
    case.seq, case.head = entry.seq, entry.hash
    return entry


@dataclass(frozen=True)
class Texts:
    """The SQL of this module, made once."""

    place: str
    new: str
    lock: str
    noted: str
    opened: str
    moved: str


@functools.cache
def _texts() -> Texts:
    case, entry, past = table_columns(Case), table_columns(LogEntry), table_columns(history_model(Case))
    place = f"{_next(entry)}, {_next(past)}, txid_current()"
    columns = ", ".join(f'"{field.column}"' for field in Case._meta.concrete_fields)
    held = f'SELECT {columns} FROM "{case.table}" WHERE id = %s FOR UPDATE'  # noqa: S608
    of_entry, of_past = f"entry AS ({_insert_with_key(entry)})", f"past AS ({_insert_with_key(past)})"
    texts = Texts(
        place=f"SELECT {place}",
        new=f"SELECT {_next(case)}, nextval('returns_case_number'), {place}",
        # the places are taken when the lock is held: whoever waits for it gets later numbers
        lock=f"SELECT held.*, {place}, {place} FROM ({held}) AS held",  # noqa: S608 - the models' own names
        noted=f'WITH {of_entry} UPDATE "{case.table}" SET seq = %s, head = %s WHERE id = %s',  # noqa: S608
        opened=f"WITH {of_past}, {of_entry} {_insert_with_key(case)}",
        moved=f"WITH {of_past}, {of_entry} {case.update}",
    )
    for text in astuple(texts):
        allow_prepare(text)
    return texts


def _next(shape: TableColumns) -> str:
    return f"nextval(pg_get_serial_sequence('{shape.table}', '{shape.key}'))"


def _insert_with_key(shape: TableColumns) -> str:
    return f'INSERT INTO "{shape.table}" ({shape.columns}, "{shape.key}") VALUES ({shape.marks}, %s)'  # noqa: S608


def _write(sql: str, told: list[Any], *rest: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [*told, *rest])
        if cursor.rowcount != 1:
            raise Case.DoesNotExist(rest[-1])


def entry_hash(entry: LogEntry) -> str:
    """The hash an entry must have, computed from all its columns but the hash itself."""
    return link(
        entry.previous,
        {
            "id": entry.pk,
            "transaction": entry.transaction,
            "case": entry.case_id,
            "seq": entry.seq,
            "at": entry.at.astimezone(UTC).isoformat(),
            "verb": entry.verb,
            "source": entry.source,
            "target": entry.target,
            "by": entry.by_id,
            "by_shopper": entry.by_shopper,
            "reason": entry.reason,
            "facts": entry.facts,
            "history_id": entry.history_id,
            "history_digest": entry.history_digest,
        },
    )


def history_digest(row: Any) -> str:
    """Digest of a history row: every column of it but its own key."""
    facts = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    facts.pop("history_id")
    return digest({name: _plain(value) for name, value in facts.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 20.00 comes back from the database as 20.000
    return value if value is None or isinstance(value, int) else str(value)
