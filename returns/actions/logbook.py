"""Writing the logbook: the only code that makes entries, on a case that is locked."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from returns.chain import digest, link
from returns.models import Case, LogEntry
from signoff.models import Customer

Actor = User | Customer | None


@transaction.atomic
def note(case: Case, verb: str, *, by: Actor, reason: str = "", now: datetime | None = None, **facts: Any) -> LogEntry:
    """Record something that happened without a step, such as an approval or a payment; locks the case.

    ``facts`` are ids and figures, never personal data. The passed instance is brought up to date.
    """
    locked = Case.objects.select_for_update().get(pk=case.pk)
    entry = append(locked, verb, by=by, source=locked.status, reason=reason, now=now or timezone.now(), facts=facts)
    Case.objects.filter(pk=case.pk).update(seq=entry.seq, head=entry.hash)
    case.seq, case.head = entry.seq, entry.hash
    return entry


def append(
    case: Case,
    verb: str,
    *,
    by: Actor,
    source: str,
    now: datetime,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    history: Any = None,
) -> LogEntry:
    """Write the next entry of a locked case and set its ``seq`` and ``head``; the caller saves the case."""
    entry_id, running = _place()
    entry = LogEntry(
        id=entry_id,
        transaction=running,
        case=case,
        seq=case.seq + 1,
        at=now,
        verb=verb,
        source=source,
        target=case.status,
        by=by if isinstance(by, User) else None,
        by_shopper=isinstance(by, Customer),
        reason=reason,
        facts=facts or {},
        history_id=history and history.pk,
        history_digest=history_digest(history) if history else "",
        previous=case.head,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    case.seq, case.head = entry.seq, entry.hash
    return entry


def _place() -> tuple[int, int]:
    """The next entry's id and the number of the running transaction, known beforehand so that the hash covers them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('returns_logentry', 'id')), txid_current()")
        return cursor.fetchone()


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
