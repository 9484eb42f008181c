"""Checkpoints outside the database: what agrees with itself inside it, but was written anew, is found and named."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from refunds.ledger.audit.checkpoint import LEDGER
from refunds.ledger.audit.consistency import faults as ledger_faults
from refunds.models import Entry
from refunds.payouts.gateways import Paid
from refunds.payouts.worker import claim, settle
from returns.logbook.checkpoints.pins import Pins
from returns.logbook.checkpoints.write import LOGBOOK, checkpoint
from returns.logbook.verify import Verification
from returns.models import Case, Checkpoint, LogEntry
from returns.review.actions import request_information
from tests.factories import make_case
from tests.factories.settlements import make_refund
from tests.proof.superuser import cut, erase, rehash, sql, unguarded
from tests.steps.logbook import note

pytestmark = pytest.mark.django_db


def faults(*, since: int = 1) -> list[str]:
    with Pins("logbook", since=since) as pins:
        return [str(fault) for fault in Verification(pins).faults()]


def without_checkpoint() -> list[str]:
    return [str(fault) for fault in Verification().faults()]


def of_ledger() -> list[str]:
    with Pins("ledger") as pins:
        return [str(fault) for fault in ledger_faults(pins)]


def paid_case() -> Case:
    """A case with four ledger entries: owed, and paid as store credit."""
    refund = make_refund(gateway="store_credit")
    settle(claim(timezone.now()), Paid(f"SC-{refund.pk}"))
    return refund.case


@pytest.fixture
def case() -> Case:
    """Three entries, between two other cases; all of them pinned."""
    make_case()
    case = make_case()
    make_case()
    case = request_information(case, by=None, question="Which?")
    note(case, "supply_information", by=None, pictures=2)
    assert checkpoint(LOGBOOK)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def books() -> Path:
    return Path(settings.CHECKPOINT_DIR) / "logbook"


def test_what_was_pinned_is_green_and_stays_green_as_the_logbook_grows(case: Case) -> None:
    assert faults() == []
    note(case, "supply_information", by=None, pictures=1)
    make_case()
    assert faults() == []
    seal = checkpoint(LOGBOOK)
    assert (seal.number, seal.entries, faults()) == (2, 7, [])


def test_a_checkpoint_holds_only_what_has_grown(db: None, transactional_db: None, books: Path) -> None:
    cases = [make_case() for _ in range(3)]
    assert checkpoint(LOGBOOK).heads == 3
    assert checkpoint(LOGBOOK) is None
    note(cases[1], "take", by=None)
    assert checkpoint(LOGBOOK).heads == 1
    assert sorted(path.name for path in books.iterdir()) == ["00000001.jsonl", "00000002.jsonl"]
    assert faults() == []


def test_a_tail_that_was_cut_and_smoothed_is_found_at_its_entry(case: Case) -> None:
    cut(LogEntry, "case_id = %s AND seq = 3", case.pk)
    rehash(LogEntry, case)
    assert without_checkpoint() == []  # negative control: inside the database nothing is wrong
    assert f"{case.number} #3: checkpoint 1 contains this entry, but it is missing now" in faults()


def test_a_chain_that_was_written_anew_is_found_at_its_entry(case: Case) -> None:
    with unguarded("returns_logentry"):
        sql("""UPDATE returns_logentry SET facts = '{"pictures": 9}' WHERE case_id = %s AND seq = 3""", case.pk)
    rehash(LogEntry, case)
    assert without_checkpoint() == []
    assert faults() == [f"{case.number} #3: checkpoint 1 has a different entry here"]


def test_an_entry_that_was_cut_out_of_the_middle_and_smoothed_is_found(case: Case) -> None:
    note(case, "take", by=None)
    checkpoint(LOGBOOK)
    cut(LogEntry, "case_id = %s AND seq = 3", case.pk)
    rehash(LogEntry, case)
    assert without_checkpoint() == []
    assert f"{case.number} #3: checkpoint 1 has a different entry here" in faults()


def test_a_case_that_was_erased_without_a_trace_is_named(case: Case) -> None:
    erase(case)
    assert without_checkpoint() == []
    assert f"{case.number}: checkpoint 1 contains this case, but it is missing now" in faults()


def test_the_last_case_that_was_erased_is_named(case: Case) -> None:
    last = Case.objects.order_by("pk").last()
    erase(last)
    assert without_checkpoint() == []
    assert f"{last.number}: checkpoint 1 contains this case, but it is missing now" in faults()


def test_what_was_tampered_with_after_the_next_checkpoint_is_found_by_the_older(case: Case) -> None:
    """A newer checkpoint that signed the forged chain does not hide what the older one saw."""
    with unguarded("returns_logentry"):
        sql("""UPDATE returns_logentry SET facts = '{"pictures": 9}' WHERE case_id = %s AND seq = 3""", case.pk)
    rehash(LogEntry, case)
    note(Case.objects.get(pk=case.pk), "take", by=None)
    checkpoint(LOGBOOK)
    assert faults() == [f"{case.number} #3: checkpoint 1 has a different entry here"]


@pytest.mark.django_db(transaction=True)
def test_a_case_that_claims_to_be_old_is_found() -> None:
    make_case()
    checkpoint(LOGBOOK)
    new = make_case()
    assert faults() == []
    with unguarded("returns_logentry"):
        sql("UPDATE returns_logentry SET transaction = 1000 WHERE case_id = %s", new.pk)
    rehash(LogEntry, new)
    assert without_checkpoint() == []
    assert faults() == [f"{new.number} #1: it is dated before checkpoint 1, which does not contain it"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_moved_to_another_server_is_pinned_anew() -> None:
    """There transactions are counted from the beginning; here the old ones are pushed into the future instead."""
    old = make_case()
    checkpoint(LOGBOOK)
    with unguarded("returns_logentry"):
        sql("UPDATE returns_logentry SET transaction = transaction + 1000000 WHERE case_id = %s", old.pk)
    rehash(LogEntry, old)
    first = checkpoint(LOGBOOK)
    note(make_case(), "take", by=None)
    second = checkpoint(LOGBOOK)
    assert (first.floor, first.heads) == (LogEntry.objects.get(case=old).pk, 1)
    assert (second.floor, second.heads, checkpoint(LOGBOOK)) == (first.floor, 1, None)


def test_a_changed_checkpoint_is_found(case: Case, books: Path) -> None:
    path = books / "00000001.jsonl"
    path.chmod(0o600)
    path.write_text(path.read_text().replace('"seq":3', '"seq":2', 1))
    assert faults() == ["checkpoint 1: it differs from what was signed"]


def test_a_checkpoint_signed_with_another_key_is_found(case: Case, books: Path, settings: object) -> None:
    """Somebody rewrites the chain, the file and what the database remembers, but has not got the key."""
    cut(LogEntry, "case_id = %s AND seq = 3", case.pk)
    rehash(LogEntry, case)
    cut(Checkpoint, "number = 1")
    (books / "00000001.jsonl").unlink()
    settings.CHECKPOINT_KEY, real = "guessed", settings.CHECKPOINT_KEY
    checkpoint(LOGBOOK)
    settings.CHECKPOINT_KEY = real
    assert faults() == ["checkpoint 1: it differs from what was signed"]


def test_a_line_or_the_seal_cut_off_a_checkpoint_is_found(case: Case, books: Path) -> None:
    path = books / "00000001.jsonl"
    path.chmod(0o600)
    whole = path.read_bytes().splitlines(keepends=True)
    for some in (whole[1:], whole[:-1], [], whole[:1] + whole[2:]):
        path.write_bytes(b"".join(some))
        assert faults() == ["checkpoint 1: it differs from what was signed"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_missing_checkpoint_is_found(case: Case, books: Path, number: int) -> None:
    for _more in range(2):
        note(case, "take", by=None)
        checkpoint(LOGBOOK)
    (books / f"{number:08}.jsonl").unlink()
    assert faults()[0] == f"checkpoint {number}: it is missing; restore it from the copy you keep elsewhere"
    note(case, "take", by=None)
    assert checkpoint(LOGBOOK).number == 4
    assert [fault for fault in faults() if not fault.startswith(f"checkpoint {number}:")] == []
    assert number == 3 or faults(since=number + 1) == []


def test_a_lost_folder_is_named_and_the_next_checkpoint_pins_everything(case: Case, books: Path) -> None:
    (books / "00000001.jsonl").unlink()
    assert faults() == ["checkpoint 1: it is missing; restore it from the copy you keep elsewhere"]
    seal = checkpoint(LOGBOOK)
    assert (seal.number, seal.heads, faults(since=2)) == (2, 3, [])


def test_what_the_database_forgot_of_its_checkpoints_is_found(case: Case) -> None:
    note(case, "take", by=None)
    checkpoint(LOGBOOK)
    cut(Checkpoint, "number = 1")
    assert faults() == ["checkpoint 1: the database has no record of it"]


def test_an_exchanged_memory_of_a_checkpoint_is_found(case: Case) -> None:
    with unguarded("returns_checkpoint"):
        sql("UPDATE returns_checkpoint SET digest = 'x'")
    assert faults() == ["checkpoint 1: the database has a different one"]


def test_a_file_written_before_a_crash_is_remembered_by_the_next_checkpoint(case: Case) -> None:
    note(case, "take", by=None)
    seal = checkpoint(LOGBOOK)
    cut(Checkpoint, "number = 2")  # the file was there, the commit never came
    assert faults() == []
    note(case, "take", by=None)
    assert checkpoint(LOGBOOK).previous == seal.digest
    assert faults() == []


@pytest.mark.parametrize("change", ["UPDATE returns_checkpoint SET number = 9", "DELETE FROM returns_checkpoint"])
def test_the_database_keeps_its_memory_of_checkpoints(case: Case, change: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot"):
        sql(change)


def test_the_ledger_is_pinned_too(case: Case) -> None:
    paid, other = paid_case(), paid_case()
    assert checkpoint(LEDGER).heads == 2
    assert of_ledger() == []
    cut(Entry, "case_id = %s AND voucher = 2", paid.pk)
    cut(Entry, "case_id = %s", other.pk)
    found = of_ledger()
    assert f"case {paid.number}, entry 4: checkpoint 1 contains this entry, but it is missing now" in found
    assert f"case {other.number}: checkpoint 1 contains entries of this case, but they are missing now" in found


def test_a_ledger_written_anew_is_found_at_its_entry() -> None:
    paid = paid_case()
    checkpoint(LEDGER)
    with unguarded("refunds_entry"):
        sql("UPDATE refunds_entry SET account = 'bank' WHERE case_id = %s AND seq = 4", paid.pk)
    rehash(Entry, paid)
    assert list(ledger_faults()) == []  # negative control
    assert of_ledger() == [f"case {paid.number}, entry 4: checkpoint 1 has a different entry here"]


@pytest.mark.django_db(transaction=True)
def test_a_voucher_slipped_into_a_quiet_case_is_found() -> None:
    paid = paid_case()
    checkpoint(LEDGER)
    entries = list(Entry.objects.filter(case=paid, voucher=2))
    with unguarded("refunds_entry"):
        for entry, account in zip(entries, ("bank", "payable"), strict=True):
            entry.pk, entry.refund_id, entry.account = None, None, account
            entry.seq, entry.voucher, entry.amount = entry.seq + 2, 3, -entry.amount
            entry.save()
    rehash(Entry, paid)
    found = of_ledger()
    assert f"case {paid.number}, entry 5: it is dated before checkpoint 1, which does not contain it" in found


def test_the_commands_tell_the_newest_checkpoint(case: Case) -> None:
    paid_case()
    out = StringIO()
    call_command("checkpoint", stdout=out)
    call_command("verify_logbook", stdout=out)
    call_command("verify_ledger", stdout=out)
    told = out.getvalue()
    assert "logbook: checkpoint 2 pins" in told
    assert "ledger: checkpoint 1 pins 1 chains" in told
    assert told.count("The newest checkpoint is number") == 2


def test_the_commands_are_red_by_the_checkpoints_alone(case: Case, tmp_path: Path) -> None:
    paid = paid_case()
    call_command("checkpoint", stdout=StringIO())
    shutil.move(settings.CHECKPOINT_DIR, tmp_path / "copy")
    cut(Entry, "case_id = %s AND voucher = 2", paid.pk)
    err = StringIO()
    with pytest.raises(CommandError, match="not in order"):
        call_command("verify_ledger", "--checkpoints", str(tmp_path / "copy"), stderr=err)
    assert f"case {paid.number}, entry 4: checkpoint 1 contains this entry" in err.getvalue()
    with pytest.raises(SystemExit):
        call_command("verify_logbook", stderr=err)
    assert "checkpoint 1: it is missing" in err.getvalue()
    call_command("verify_logbook", "--checkpoints", str(tmp_path / "copy"), stdout=StringIO())


def test_the_timetable_writes_checkpoints_every_hour() -> None:
    for name in ("returns.tasks.write_checkpoint", "refunds.tasks.write_checkpoint"):
        assert settings.CELERY_BEAT_SCHEDULE[name]["schedule"] == 3600
