"""Writes the logbook; the only code that creates entries, always on a locked case.

An entry, the history row it pins and the case's new head are one statement (``returns.logbook.queries``).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from returns.logbook.locks import LockedCase
from returns.logbook.queries import insert_case, insert_note, update_case
from returns.logbook.verbs import check_entry
from returns.models import Case, LogEntry
from signoff.db.digests import columns_of, digest, link
from signoff.db.history import history_row
from signoff.models import Customer

Actor = User | Customer | None
ADDED_LATER = ("team_id",)  # columns of a case


def author_of(by: Actor) -> User | None:
    """The member of staff whom history rows name; shoppers and the system have no account."""
    return by if isinstance(by, User) else None


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
    insert_note(entry)
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
    write = insert_case if case._state.adding else update_case
    write(entry, past)
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
    """Digest of a history row of a case: every column of it but its own key and that of the case.

    A column that was added later is left out while it is empty, so that older rows keep their digest.
    """
    empty = frozenset(name for name in ADDED_LATER if getattr(row, name) is None)
    return digest(columns_of(row, without=frozenset({"history_id", "id"}) | empty))
