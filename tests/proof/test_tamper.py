"""Every column of what claims to be evidence, changed by somebody who owns the database: found, and named where.

The columns come from the models, so that a new one cannot be forgotten.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from refunds.approvals.actions import approve
from refunds.ledger.audit.consistency import faults as ledger_faults
from refunds.models import Approval, Entry, Item, Refund, Replacement, Resolution
from refunds.payouts.gateways import Paid
from refunds.payouts.worker import claim, settle
from refunds.settlement.replacements import send_replacement
from returns.logbook.verify import Verification
from returns.models import Case, Checkpoint, LogEntry
from returns.portal.actions import supply_information
from returns.review.actions import request_information
from returns.review.assignment import take
from signoff.models import Discrepancy, SignOff, SignOffLine
from tests.factories import ApprovalTierFactory, UserFactory, make_case
from tests.proof.superuser import CHAINED, UNIQUE, columns, cut, missed, rows_of, sql, tamper, undone, unguarded
from tests.steps.logbook import note
from tests.steps.plans import draft_items, propose_plan

pytestmark = pytest.mark.django_db

HistoricalCase = Case.history.model
#: what no hash covers, because a restored copy may have others
GIVEN_BY_THE_DATABASE = {"id", "transaction"}
FOLLOWED = (Resolution, Item, Approval, Refund, Replacement)


@pytest.fixture
def case() -> Case:
    """A case with everything: asked, answered, planned, approved by two, paid, goods sent; others beside it."""
    make_case()
    agent, sender = UserFactory(role="agent"), UserFactory(role="manager")
    case = take(make_case(quantity=2), by=agent)
    case = supply_information(request_information(case, by=agent, question="Which?"), by=case.customer, words="This")
    note(case, "refund_paid", by=None, amount="12.30", currency="EUR")
    ApprovalTierFactory(shop=case.shop, above=0, approvers=2)
    items = [*draft_items(case, quantity=1), *draft_items(case, quantity=1, remedy="exchange")]
    case = propose_plan(case, by=agent, items=items, goods_come_back=False, gateway="store_credit", note="Good")
    approve(approve(case, by=UserFactory(role="manager"), note="Yes"), by=UserFactory(role="manager"))
    refund = case.refunds.get()
    settle(claim(timezone.now()), Paid(f"SC-{refund.pk}"))
    send_replacement(case.replacements.get(), by=sender, carrier="DHL", tracking_number="JJD1")
    make_case()
    case = Case.objects.get(pk=case.pk)
    assert case.status == "resolved"
    assert found_in_logbook() == found_in_books() == []
    return case


def found_in_logbook() -> list[tuple[str, int | None]]:
    return [(fault.case, fault.seq) for fault in Verification().faults()]


def found_in_books() -> list[str]:
    return [fault.location for fault in ledger_faults()]


def test_every_column_of_a_logbook_entry(case: Case, figure: Callable[..., None]) -> None:
    unseen = []
    for entry in case.log.all():
        at = {(case.number, entry.seq), (case.number, entry.seq + 1), (case.number, None)}
        moved = {"case_id": (f"({case.pk + 10000})", entry.seq), "seq": (case.number, entry.seq + 10000)}
        unseen += missed(entry, lambda f, at=at, moved=moved: bool({*at, moved.get(f.column)} & {*found_in_logbook()}))
    unseen = sorted(set(unseen) - GIVEN_BY_THE_DATABASE)
    looked_at = (len(columns(LogEntry)) - len(GIVEN_BY_THE_DATABASE)) * case.log.count()
    figure("State", "logbook: changed columns that were not located", len(unseen), f"of {looked_at}", "= 0")


def test_every_column_of_the_history_that_the_logbook_pins(case: Case, figure: Callable[..., None]) -> None:
    unseen, looked_at = [], 0
    for entry in case.log.filter(history_id__isnull=False):
        row = HistoricalCase.objects.get(pk=entry.history_id)
        unseen += missed(row, lambda field, seq=entry.seq: (case.number, seq) in found_in_logbook())
        looked_at += len(columns(HistoricalCase))
    figure("State", "history of the case: changed columns that were not located", len(unseen), f"of {looked_at}", "= 0")


def test_every_column_of_the_case_itself(case: Case) -> None:
    """Its key and number are how others speak of it: those are found where they are missed."""
    assert missed(case, lambda field: bool(found_in_logbook())) == []


def test_every_column_of_a_ledger_entry(case: Case, figure: Callable[..., None]) -> None:
    unseen, entries = [], list(case.ledger.all())
    assert len(entries) == 4
    for entry in entries:
        here = (f"case {case.number}, entry", f"case ({case.pk + 10000}), entry")
        unseen += missed(entry, lambda field, here=here: any(where.startswith(here) for where in found_in_books()))
    unseen = sorted(set(unseen) - GIVEN_BY_THE_DATABASE)
    looked_at = (len(columns(Entry)) - 1) * len(entries)
    figure("State", "ledger: changed columns that were not located", len(unseen), f"of {looked_at}", "= 0")


@pytest.mark.parametrize("model", FOLLOWED)
def test_every_column_of_the_books_beside_the_ledger(
    case: Case, model: type[models.Model], figure: Callable[..., None]
) -> None:
    rows = list(model.objects.all())
    name, unseen = model._meta.model_name, []
    assert rows
    for row in rows:
        keys = {f"{name} {row.pk}", f"{name} {row.pk + 10000}"}
        unseen += missed(row, lambda field, keys=keys: any(where.split(", ")[-1] in keys for where in found_in_books()))
    looked_at = len(columns(model)) * len(rows)
    what = f"{model._meta.verbose_name_plural}: changed columns that were not located"
    figure("State", what, len(unseen), f"of {looked_at}", "= 0")


@pytest.mark.parametrize("model", FOLLOWED)
def test_a_row_of_the_books_that_was_deleted_or_slipped_in(case: Case, model: type[models.Model]) -> None:
    row = model.objects.order_by("pk").last()
    with undone():
        cut(model, "id = %s", row.pk)
        assert f"{model._meta.model_name} {row.pk}" in found_in_books()
    table = model._meta.db_table
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    with undone(), unguarded(table):
        for (index,) in rows_of(UNIQUE, table):
            sql(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {index} CASCADE")
            sql(f"DROP INDEX IF EXISTS {index}")
        some = ", ".join(names)
        sql(f"INSERT INTO {table} ({some}) SELECT {some} FROM {table} WHERE id = %s", row.pk)  # noqa: S608
        new = model.objects.order_by("pk").last()
        assert f"case {case.number}, {model._meta.model_name} {new.pk}" in found_in_books()


def test_an_approval_forged_with_its_history_is_found_by_the_logbook(case: Case) -> None:
    """The row and its history agree with each other; nobody can write the logbook's entry with the right hash."""
    answer, other = Approval.objects.order_by("pk").first(), UserFactory(role="manager")
    for table, key in (("refunds_approval", "id"), ("refunds_historicalapproval", "id")):
        with unguarded(table):
            sql(f"UPDATE {table} SET by_id = %s WHERE {key} = %s", other.pk, answer.pk)  # noqa: S608
    found = found_in_books()
    assert f"case {case.number}, approval {answer.pk}" in found
    assert any("logbook entry" in where for where in found)


def test_a_plan_whose_total_was_changed_with_its_history_is_found_by_the_logbook(case: Case) -> None:
    for table in ("refunds_resolution", "refunds_historicalresolution"):
        with unguarded(table):
            sql(f"UPDATE {table} SET total = total + 1")  # noqa: S608
    assert f"case {case.number}, logbook entry" in " ".join(found_in_books())


@pytest.mark.parametrize("model", [LogEntry, Entry])
def test_an_entry_that_was_cut_slipped_in_or_exchanged(case: Case, model: type[models.Model]) -> None:
    def found() -> str:
        return " ".join(map(str, Verification().faults() if model is LogEntry else ledger_faults()))

    first, second = model.objects.filter(case=case).order_by("seq")[1:3]
    table = model._meta.db_table
    with undone():
        cut(model, "id = %s", second.pk)
        assert case.number in found()
    with undone(), unguarded(table):
        second.pk, second.seq = None, model.objects.filter(case=case).count() + 1
        second.save(force_insert=True)
        assert case.number in found()
    with undone(), unguarded(table):
        sql(f"UPDATE {table} SET seq = 9000 WHERE id = %s", first.pk)  # noqa: S608
        sql(f"UPDATE {table} SET seq = %s WHERE case_id = %s AND seq = %s", first.seq, case.pk, first.seq + 1)  # noqa: S608 - names of this suite
        sql(f"UPDATE {table} SET seq = %s WHERE id = %s", first.seq + 1, first.pk)  # noqa: S608
        assert case.number in found()


@pytest.mark.parametrize("model", [LogEntry, Entry])
def test_an_entry_that_was_changed_and_hashed_anew_in_the_middle(case: Case, model: type[models.Model]) -> None:
    """Its own hash fits again; the entry behind it does not follow any more."""
    entry = model.objects.filter(case=case).order_by("seq")[1]
    table = model._meta.db_table
    tamper(entry, model._meta.get_field("at"))
    changed = model.objects.get(pk=entry.pk)
    with unguarded(table):
        sql(f"UPDATE {table} SET hash = %s WHERE id = %s", hash_of(changed), entry.pk)  # noqa: S608
    if model is LogEntry:
        assert found_in_logbook() == [(case.number, entry.seq + 1)]
    else:
        assert f"case {case.number}, entry {entry.seq + 1}" in found_in_books()


def hash_of(entry: Any) -> str:
    return CHAINED[type(entry)](entry)


def test_nothing_that_claims_to_be_evidence_is_left_out() -> None:
    """A new table that refuses to be changed has to be looked at here, or in the tests of checkpoints."""
    guarded = {
        model
        for model in apps.get_models()
        if any("append_only" in trigger.name for trigger in getattr(model._meta, "triggers", ()))
    }
    assert guarded == {LogEntry, Entry, Checkpoint, SignOff, SignOffLine, Discrepancy}
