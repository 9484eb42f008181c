"""Writing the logbook: the only code that makes entries, on a case that is locked.

An entry, the history row it pins and the case's new head are one statement. Keys and the number of the transaction
are the database's to give: no hash covers them.
"""

import functools
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from returns.logbook.locks import LockedCase
from returns.logbook.verbs import check_entry
from returns.models import Case, LogEntry
from signoff.db.digests import columns_of, digest, link
from signoff.db.history import TableColumns, history_row, past_shape, table_columns
from signoff.db.prepared.statements import allow_prepare
from signoff.models import Customer

Actor = User | Customer | None


def author_of(by: Actor) -> User | None:
    """The member of staff whom history rows name; shoppers and the system have no account."""
    return by if isinstance(by, User) else None


def next_serial() -> int:
    """The running number of a new case, from which its own number is made."""
    with connection.cursor() as cursor:
        cursor.execute(_texts().serial)
        return cursor.fetchone()[0]


def note(
    case: LockedCase,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    digests: Mapping[str, str] | None = None,
    **facts: Any,
) -> LogEntry:
    """Record something that happened without a step, such as an approval or a payment.

    ``facts`` are ids and figures, never personal data.
    """
    entry = _entry(case, verb, by=by, source=case.status, now=now, reason=reason, facts=facts, digests=digests)
    _write(_texts().noted, entry, [*_noted_shape().values(entry), case.seq, case.head, case.pk])
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
    digests: Mapping[str, str] | None = None,
) -> LogEntry:
    """Save all columns of a case with its history row and its logbook entry, the three in step.

    The case is locked, or new and not saved yet; then it gets its key.
    """
    past = _past(case, by=by, now=now, why=reason or verb)
    entry = _entry(case, verb, by=by, source=source, now=now, reason=reason, facts=facts, digests=digests, past=past)
    new, told = case._state.adding, [*past_shape(Case).values(past), *_pinning_shape().values(entry)]
    if new:
        _write(_texts().opened, entry, [*table_columns(Case).values(case), *told])
        case.pk = entry.case_id
    else:
        _write(_texts().moved, entry, [case.pk, *told, case.pk, *table_columns(Case).values(case), case.pk])
    case._state.adding, case._state.db = False, connection.alias
    return entry


def _past(case: Case, *, by: Actor, now: datetime, why: str) -> Any:
    """The history row: the case as it will be, its new number included."""
    case.seq += 1
    past = history_row(case, kind="+" if case._state.adding else "~", by=author_of(by), now=now, why=why)
    case.seq -= 1
    return past


def _entry(
    case: Case,
    verb: str,
    *,
    by: Actor,
    source: str,
    now: datetime,
    reason: str,
    facts: dict[str, Any] | None,
    digests: Mapping[str, str] | None,
    past: Any = None,
) -> LogEntry:
    """The next entry, chained to the last; the case's ``seq`` and ``head`` are brought up to it."""
    check_entry(verb, facts or {})
    entry = LogEntry(
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
        history_digest=history_digest(past) if past else "",
        digests=dict(digests or {}),
        previous=case.head,
    )
    entry.hash = entry_hash(entry)
    case.seq, case.head = entry.seq, entry.hash
    return entry


@dataclass(frozen=True)
class Texts:
    """The SQL of this module, made once."""

    serial: str
    noted: str
    opened: str
    moved: str


@functools.cache
def _noted_shape() -> TableColumns:
    """An entry without what the database gives and without the history row that a note does not have."""
    return table_columns(LogEntry).without("transaction", "history_id")


@functools.cache
def _pinning_shape() -> TableColumns:
    """An entry whose case and history row are named by SQL."""
    return _noted_shape().without("case_id")


@functools.cache
def _texts() -> Texts:
    case = table_columns(Case)
    noted, told = _insert(_noted_shape()), "entry.case_id, entry.id, entry.history_id, entry.transaction"
    change = f'UPDATE "{case.table}" SET'
    written = f'FROM entry WHERE "{case.table}".id = %s RETURNING {told}'
    texts = Texts(
        serial="SELECT nextval('returns_case_number')",
        noted=f"WITH entry AS ({noted}) {change} seq = %s, head = %s {written}",
        opened=f"WITH kept AS ({case.insert}), {_pinning('(SELECT id FROM kept)')} SELECT {told} FROM entry",  # noqa: S608
        moved=f"WITH {_pinning('%s')} {change} {case.changes} {written}",
    )
    for text in astuple(texts):
        allow_prepare(text)
    return texts


def _pinning(case: str) -> str:
    """A history row, and the entry that pins it, of the case with the key ``case``."""
    past, entry = past_shape(Case), _pinning_shape()
    row = f'INSERT INTO "{past.table}" (id, {past.columns}) VALUES ({case}, {past.marks}) RETURNING history_id'  # noqa: S608
    insert = _insert(entry, "history_id, case_id", f"(SELECT history_id FROM past), {case}")  # noqa: S608
    return f"past AS ({row}), entry AS ({insert})"


def _insert(shape: TableColumns, named: str = "", values: str = "") -> str:
    columns, marks = ", ".join(filter(None, [shape.columns, named])), ", ".join(filter(None, [shape.marks, values]))
    given = "case_id, id, history_id, transaction"
    return f'INSERT INTO "{shape.table}" ({columns}) VALUES ({marks}) RETURNING {given}'  # noqa: S608


def _write(sql: str, entry: LogEntry, values: list[Any]) -> None:
    """Write the entry and what goes with it, and bring in what the database gave: keys and the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        given = cursor.fetchone()
    if given is None:
        raise Case.DoesNotExist(entry.case_id)
    entry.case_id, entry.pk, entry.history_id, entry.transaction = given
    entry._state.adding, entry._state.db = False, connection.alias


def entry_hash(entry: LogEntry) -> str:
    """The hash an entry must have: of all that it says and pins, without the keys and numbers that a database gives.

    The case is named by its number. ``by`` is the key of the account, the one stable name of a member of staff: a
    user name may change and is personal.
    """
    return link(
        entry.previous,
        {
            "case": entry.case.number,
            "seq": entry.seq,
            "at": entry.at.astimezone(UTC).isoformat(),
            "verb": entry.verb,
            "source": entry.source,
            "target": entry.target,
            "by": entry.by_id,
            "by_shopper": entry.by_shopper,
            "reason": entry.reason,
            "facts": entry.facts,
            "history": entry.history_digest,
            "digests": entry.digests,
        },
    )


def history_digest(row: Any) -> str:
    """Digest of a history row of a case: every column of it but its own key and that of the case."""
    return digest(columns_of(row, without=frozenset({"history_id", "id"})))
