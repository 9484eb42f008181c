"""The migration that hashes by content: rows as the version before wrote them, made green, and guarded again."""

import hashlib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from refunds.ledger.audit.consistency import faults as ledger_faults
from refunds.models import Entry, Refund
from refunds.payouts.gateways import Paid
from refunds.payouts.worker import claim, settle
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.lifecycle.actions import move
from returns.logbook.checkpoints.arguments import summary
from returns.logbook.checkpoints.pins import Pins
from returns.logbook.checkpoints.write import LOGBOOK, checkpoint
from returns.logbook.verify import Verification
from returns.models import Case, Checkpoint, LogEntry
from returns.portal.actions import supply_information
from returns.review.actions import request_information
from signoff.db.digests import canonical, columns_of, digest, link, plain
from signoff.models import SignOff
from signoff.signoffs.actions import correct, sign
from signoff.signoffs.photos import attach
from signoff.signoffs.rules import DeliveryReport, LineCount
from tests.factories import UserFactory
from tests.factories.sample_shop import picture
from tests.factories.settlements import make_refund
from tests.factories.signed_parcels import make_order, make_parcel
from tests.proof.superuser import rows_of, sql, unguarded

pytestmark = pytest.mark.django_db

migration = import_module("refunds.migrations.0008_chain_by_content")
GUARDED = migration.GUARDED


def lived() -> Case:
    """Everything that is hashed: a sign-off with its correction and a photo, its case with pictures, a paid refund."""
    parcel = make_parcel(make_order((3, "20.00")))
    line = parcel.order.lines.get()
    attach(parcel, line=line, pictures=[picture()])
    first = sign(parcel, DeliveryReport({line.pk: LineCount(2, {"damaged": 1})}), channel="portal")
    correct(
        first, DeliveryReport({line.pk: LineCount(2, {"damaged": 2})}), channel="phone", by=UserFactory(role="agent")
    )
    open_from_sign_offs()
    case = request_information(Case.objects.get(), by=None, question="Which?")
    supply_information(case, by=case.customer, words="This", pictures=[picture()])
    refund = make_refund(gateway="store_credit")
    settle(claim(timezone.now()), Paid(f"SC-{refund.pk}"))
    move(Case.objects.get(pk=refund.case_id), Case.close, by=None)
    return Case.objects.get(pk=case.pk)


def as_before() -> None:
    """What the version before has written: hashes over row ids and transaction numbers, nothing of the rest."""
    with unguarded(*GUARDED):
        sql("UPDATE signoff_signoff SET seq = 1, pictures = '{}', previous = '', hash = ''")
        sql("UPDATE refunds_refund SET steps = 0, trail = ''")
        sql("UPDATE refunds_historicalrefund SET steps = 0")
        for case in Case.objects.order_by("pk"):
            head = ""
            for entry in case.log.order_by("seq"):
                head = _old_entry(entry, head)
            sql("UPDATE returns_case SET head = %s WHERE id = %s", head, case.pk)
            head = ""
            for entry in case.ledger.order_by("seq"):
                head = _old_booking(entry, head)


def _old_entry(entry: LogEntry, previous: str) -> str:
    row = Case.history.filter(history_id=entry.history_id).first() if entry.history_id else None
    pinned = digest(columns_of(row, without=frozenset({"history_id"}))) if row else ""
    own = ("transaction", "seq", "at", "verb", "source", "target", "by_shopper", "reason", "facts", "history_id")
    facts: dict[str, Any] = {name: plain(getattr(entry, name)) for name in own}
    facts |= {"id": entry.pk, "case": entry.case_id, "by": entry.by_id, "history_digest": pinned}
    hashed = link(previous, facts)
    sql(
        "UPDATE returns_logentry SET digests = '{}', history_digest = %s, previous = %s, hash = %s WHERE id = %s",
        *(pinned, previous, hashed, entry.pk),
    )
    return hashed


def _old_booking(entry: Entry, previous: str) -> str:
    own = ("seq", "voucher", "at", "account", "currency", "text")
    facts: dict[str, Any] = {name: plain(getattr(entry, name)) for name in own} | {"amount": str(entry.amount)}
    facts |= {"id": entry.pk, "case": entry.case_id, "refund": entry.refund_id, "customer": entry.customer_id}
    hashed = link(previous, facts)
    sql("UPDATE refunds_entry SET previous = %s, hash = %s WHERE id = %s", previous, hashed, entry.pk)
    return hashed


def faults() -> list[str]:
    return [*map(str, Verification().faults()), *map(str, ledger_faults())]


def chain_anew() -> None:
    """The migration, with the models as they were then: columns that came later are not in its digests."""
    then = MigrationExecutor(connection).loader.project_state([("refunds", "0001_squashed_0008_chain_by_content")]).apps
    with connection.schema_editor() as editor:
        migration.chain_anew(then, editor)


def test_a_database_of_the_version_before_is_green_after_the_migration() -> None:
    case = lived()
    assert faults() == []
    as_before()
    assert len(faults()) > LogEntry.objects.count() + Entry.objects.count()  # negative control

    chain_anew()

    assert faults() == []
    assert list(SignOff.objects.order_by("pk").values_list("seq", flat=True)) == [1, 2]
    assert {refund.steps for refund in Refund.objects.all()} == {3}
    last = case.log.get(seq=case.seq)
    assert sorted(name.partition(":")[0] for name in last.digests) == ["evidence", "evidence", "sign_off"]


def test_what_was_chained_anew_goes_on() -> None:
    case = lived()
    as_before()
    chain_anew()
    request_information(Case.objects.get(pk=case.pk), by=None, question="And?")
    assert faults() == []


def test_a_change_after_the_migration_is_found() -> None:
    case = lived()
    as_before()
    chain_anew()
    sql("UPDATE returns_evidence SET sha256 = %s WHERE case_id = %s", "0" * 64, case.pk)
    assert [fault.startswith(f"{case.number} #{case.seq}: its record") for fault in faults()] == [True, True]


@pytest.mark.parametrize("table", [table for table in GUARDED if table != "returns_case"])
def test_the_tables_are_guarded_again(table: str) -> None:
    lived()
    as_before()
    chain_anew()
    checkpoint(LOGBOOK)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        sql(f"DELETE FROM {table}")  # noqa: S608
    found = rows_of("SELECT tgenabled::text FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", table)
    assert {enabled for (enabled,) in found} == {"A"}


def old_checkpoint(number: int) -> Path:
    """A file as the version before wrote it: without a format."""
    folder = Path(settings.CHECKPOINT_DIR) / "logbook"
    folder.mkdir(parents=True, exist_ok=True)
    seal = {"book": "logbook", "number": number, "at": "2026-11-01T00:00:00+00:00", "low": 1, "floor": 0}
    seal |= {"heads": 0, "entries": 0, "previous": "", "lines": hashlib.sha256().hexdigest(), "signature": "x"}
    path = folder / f"{number:08}.jsonl"
    path.write_bytes(canonical(seal) + b"\n")
    return path


def test_checkpoints_of_the_version_before_are_named_and_need_not_stay() -> None:
    lived()
    files = [old_checkpoint(number) for number in (1, 2)]
    Checkpoint.objects.create(book="logbook", number=1, digest="x", at=timezone.now())
    Checkpoint.objects.create(book="logbook", number=2, digest="y", at=timezone.now())
    as_before()
    chain_anew()

    assert Checkpoint.objects.count() == 0
    assert checkpoint(LOGBOOK).number == 3
    with Pins("logbook") as pins:
        assert [str(fault) for fault in Verification(pins).faults()] == []
        assert "Checkpoints 1 to 2 were written before the chains were made anew" in summary(pins)
        assert pins.complete
    for file in files:
        file.unlink()
    with Pins("logbook") as pins:
        assert [str(fault) for fault in Verification(pins).faults()] == []
        assert (summary(pins).count("were written"), pins.newest.number) == (0, 3)


def test_a_file_of_another_version_in_the_place_of_a_checkpoint_is_a_fault() -> None:
    """Negative control: only what the database has forgotten is left aside."""
    lived()
    checkpoint(LOGBOOK)
    path = Path(settings.CHECKPOINT_DIR) / "logbook" / "00000001.jsonl"
    path.unlink()
    old_checkpoint(1)
    with Pins("logbook") as pins:
        assert [fault.part for fault in pins.faults] == [
            "it was written by another version, and the database remembers it"
        ]


def test_a_beginning_that_was_cut_off_is_a_fault() -> None:
    """A checkpoint that names one before it is not the first, though nobody remembers the first."""
    lived()
    checkpoint(LOGBOOK)
    request_information(Case.objects.filter(status="submitted").get(), by=None, question="And?")
    checkpoint(LOGBOOK)
    (Path(settings.CHECKPOINT_DIR) / "logbook" / "00000001.jsonl").unlink()
    with unguarded("returns_checkpoint"):
        sql("DELETE FROM returns_checkpoint WHERE number = 1")
    with Pins("logbook") as pins:
        assert [fault.part for fault in pins.faults] == ["it is missing, and there is no record of it"]
