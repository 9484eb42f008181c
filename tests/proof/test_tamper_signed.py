"""Sign-offs, pictures and the history of refunds, changed by somebody who owns the database: found, and named where."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from inspection import photos
from inspection.actions import FindingDraft, conclude, receive
from inspection.models import Photo
from refunds.ledger.audit.consistency import faults as ledger_faults
from refunds.ledger.trail import next_trail
from refunds.models import Refund
from refunds.payouts.gateways import Paid
from refunds.payouts.worker import claim, settle
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.lifecycle.actions import move
from returns.logbook.checkpoints.pins import Pins
from returns.logbook.checkpoints.write import LOGBOOK, SIGN_OFFS, checkpoint
from returns.logbook.verify import Verification
from returns.models import Case, Evidence, LogEntry
from returns.portal.actions import supply_information
from returns.review.actions import request_information
from signoff.models import Discrepancy, SignOff, SignOffLine, SignOffPhoto
from signoff.signoffs.actions import correct, sign
from signoff.signoffs.photos import attach
from signoff.signoffs.proof import SignedLine, hash_of
from signoff.signoffs.rules import DeliveryReport, LineCount
from tests.factories import UserFactory, make_case
from tests.factories.sample_shop import picture
from tests.factories.settlements import make_refund
from tests.factories.signed_parcels import make_order, make_parcel
from tests.proof.superuser import columns, cut, missed, rehash, rows_of, sql, undone, unguarded

pytestmark = pytest.mark.django_db

#: what no hash covers, because a restored copy may have others
GIVEN_BY_THE_DATABASE = {"id", "transaction"}


@pytest.fixture
def sign_off() -> SignOff:
    """Two of three lamps were there, one of them broken, with a photo; corrected since: both are broken."""
    parcel = make_parcel(make_order((3, "20.00")))
    line = parcel.order.lines.get()
    attach(parcel, line=line, pictures=[picture()])
    first = sign(parcel, DeliveryReport({line.pk: LineCount(2, {"damaged": 1})}), channel="portal")
    correct(
        first, DeliveryReport({line.pk: LineCount(2, {"damaged": 2})}), channel="phone", by=UserFactory(role="agent")
    )
    assert found() == []
    return first


@pytest.fixture
def case(sign_off: SignOff) -> Case:
    """A case from the sign-off, with the delivery's photo and one of the shopper's own."""
    assert open_from_sign_offs() == 1
    case, agent = Case.objects.get(), UserFactory(role="agent")
    case = request_information(case, by=agent, question="Which?")
    case = supply_information(case, by=case.customer, words="This", pictures=[picture()])
    assert case.evidence.count() == 2
    assert found() == []
    return case


def found(pins: Pins | None = None, of_sign_offs: Pins | None = None) -> list[str]:
    return [str(fault) for fault in Verification(pins, of_sign_offs).faults()]


def beside_checkpoints() -> list[str]:
    with Pins("logbook") as pins, Pins("sign_offs") as of_sign_offs:
        return found(pins, of_sign_offs)


def of_books() -> list[str]:
    return [fault.location for fault in ledger_faults()]


def names(number: str) -> Callable[[models.Field], bool]:
    return lambda field: any(number in fault for fault in found())


@pytest.mark.parametrize("model", [SignOff, SignOffLine, Discrepancy, SignOffPhoto])
def test_every_column_of_a_sign_off(sign_off: SignOff, model: type[models.Model], figure: Callable[..., None]) -> None:
    unseen, rows = [], list(model.objects.all())
    for row in rows:
        # by the order's number, or by the key of what it hung on
        here = (f"order {sign_off.order.number} #", "sign-off of order (")
        unseen += missed(row, lambda field, here=here: any(part in one for one in found() for part in here))
    unseen = sorted(set(unseen) - GIVEN_BY_THE_DATABASE)
    what = f"{model._meta.verbose_name_plural}: changed columns that were not located"
    figure("State", what, len(unseen), f"of {len(columns(model)) * len(rows)}", "= 0")
    assert rows
    assert unseen == []


def test_a_sign_off_whose_outcome_was_changed_is_named(sign_off: SignOff) -> None:
    with unguarded("signoff_signoff"):
        sql("UPDATE signoff_signoff SET outcome = 'accepted' WHERE id = %s", sign_off.pk)
    assert found() == [f"sign-off of order {sign_off.order.number} #1: it is not what was recorded at the time"]


@pytest.mark.parametrize("model", [SignOff, SignOffLine, Discrepancy, SignOffPhoto])
def test_a_part_of_a_sign_off_that_was_cut_out_or_slipped_in_is_named(
    sign_off: SignOff, model: type[models.Model]
) -> None:
    row = model.objects.order_by("pk").first()
    with undone():
        cut(model, "id = %s", row.pk)
        assert any("sign-off of order" in fault for fault in found())
    if model is not SignOff:
        with undone():
            slip_in(row)
            assert any(f"order {sign_off.order.number} #1" in fault for fault in found())


def slip_in(row: Any) -> None:
    """Another row like this one, past every constraint that it would break."""
    table = row._meta.db_table
    with unguarded(table):
        for (index,) in rows_of(
            "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = %s::regclass", table
        ):
            sql(f"ALTER TABLE {table} DROP CONSTRAINT {index} CASCADE")
        own = [field.column for field in row._meta.concrete_fields if not field.primary_key]
        taken = ["gen_random_uuid()" if name == "token" else name for name in own]
        sql(f"INSERT INTO {table} ({', '.join(own)}) SELECT {', '.join(taken)} FROM {table} WHERE id = %s", row.pk)  # noqa: S608


def test_a_photo_that_was_erased_as_the_law_may_ask_for_is_no_fault(case: Case) -> None:
    """Negative control: the row stays, the picture and what it claimed are gone."""
    for model in (SignOffPhoto, Evidence):
        for row in model.objects.all():
            row.erase()
    assert found() == []


def test_a_sign_off_that_was_written_anew_with_its_hash_is_found_by_the_case(case: Case, sign_off: SignOff) -> None:
    newest = SignOff.objects.get(corrects=sign_off)
    forge(newest)
    assert [fault for fault in found() if fault.startswith("sign-off")] == []  # it agrees with itself
    assert found() == [f"{case.number} #1: its record “sign_off:{newest.hash}” is missing"]


def forge(sign_off: SignOff) -> None:
    """Change what was signed, and compute its hash anew; nothing comes after it."""
    sign_off = SignOff.objects.select_related("order", "parcel").get(pk=sign_off.pk)
    sign_off.channel = "email"
    lines = [
        SignedLine(
            line.order_line.position,
            line.expected,
            line.counted,
            tuple(sorted(line.discrepancies.values_list("kind", "quantity"))),
        )
        for line in sign_off.lines.all()
    ]
    forged = hash_of(sign_off, lines, order=sign_off.order.token, parcel=sign_off.parcel.token)
    with unguarded("signoff_signoff"):
        sql("UPDATE signoff_signoff SET channel = 'email', hash = %s WHERE id = %s", forged, sign_off.pk)


def test_a_sign_off_without_a_case_that_was_written_anew_is_found_by_the_checkpoint(sign_off: SignOff) -> None:
    assert checkpoint(SIGN_OFFS).heads == 2
    newest = SignOff.objects.get(corrects=sign_off)
    assert beside_checkpoints() == []
    forge(newest)
    assert found() == []  # negative control: inside the database nothing is wrong
    order = f"sign-off of order {sign_off.order.number}"
    assert beside_checkpoints() == [f"{order} #2: checkpoint 1 saw another sign-off here"]


def test_a_sign_off_that_was_erased_without_a_trace_is_found_by_the_checkpoint(sign_off: SignOff) -> None:
    checkpoint(SIGN_OFFS)
    newest = SignOff.objects.get(corrects=sign_off)
    for model, condition in (
        (Discrepancy, "line_id IN (SELECT id FROM signoff_signoffline WHERE sign_off_id = %s)"),
        (SignOffLine, "sign_off_id = %s"),
        (SignOff, "id = %s"),
    ):
        cut(model, condition, newest.pk)
    assert found() == []
    order = f"sign-off of order {sign_off.order.number}"
    assert beside_checkpoints() == [f"{order} #2: checkpoint 1 knows this sign-off, but it is missing"]


@pytest.mark.django_db(transaction=True)
def test_a_sign_off_that_claims_to_be_old_is_found() -> None:
    order = make_order((3, "20.00"))
    sign(make_parcel(order), DeliveryReport(), channel="portal")
    assert checkpoint(SIGN_OFFS).heads == 1
    new = sign(make_parcel(make_order((1, "5.00"))), DeliveryReport(), channel="portal")
    assert beside_checkpoints() == []
    with unguarded("signoff_signoff"):
        sql("UPDATE signoff_signoff SET transaction = 1000 WHERE id = %s", new.pk)
    part = "it is dated before checkpoint 1, which does not contain it"
    assert beside_checkpoints() == [f"sign-off of order {new.order.number} #1: {part}"]
    assert checkpoint(LOGBOOK) is None


def test_every_column_of_the_shoppers_pictures(case: Case, figure: Callable[..., None]) -> None:
    unseen, rows = [], list(case.evidence.all())
    for row in rows:
        here = (case.number, f"({case.pk + 10000})")
        unseen += missed(row, lambda field, here=here: any(one.startswith(here) for one in found()))
    unseen = sorted(set(unseen) - GIVEN_BY_THE_DATABASE)
    assert unseen == []
    figure("State", "evidence: changed columns that were not located", len(unseen), f"of {len(rows) * 18}", "= 0")


def test_a_picture_that_was_exchanged_is_named_with_its_entry(case: Case) -> None:
    first, second = case.evidence.order_by("pk")
    sql("UPDATE returns_evidence SET sha256 = %s WHERE id = %s", "0" * 64, second.pk)
    assert found() == [f"{case.number} #3: its record “evidence:{second.token}” was changed"]
    sql("DELETE FROM returns_evidence WHERE id = %s", first.pk)
    assert f"{case.number} #1: its record “evidence:{first.token}” is missing" in found()


@pytest.mark.parametrize("pin", ["evidence:x", "photo:x", "sign_off:x", "refund:x", "refund:x/y", "other:x", "x"])
def test_whatever_a_forged_entry_pins_is_named(case: Case, pin: str) -> None:
    with unguarded("returns_logentry"):
        sql("UPDATE returns_logentry SET digests = jsonb_build_object(%s::text, '1') WHERE case_id = %s", pin, case.pk)
    assert f"{case.number} #1: its record “{pin}” is missing" in found()


def test_a_picture_that_was_slipped_in_is_named(case: Case) -> None:
    slip_in(case.evidence.first())
    [fault] = found()
    assert fault.startswith(f"{case.number}: no entry tells of its picture")


@pytest.fixture
def inspected() -> Case:
    """Goods that came in and were looked at, with a photo of the box and one of the article."""
    inspector = UserFactory(role="inspector")
    case = move(move(make_case(), Case.propose, by=None), Case.authorise, by=None)
    line = case.lines.get()
    photos.store_photos([picture()], case=case, by=inspector)
    receive(case, by=inspector, counted={line.pk: line.requested})
    inspection = case.inspections.get()
    photos.store_photos([picture()], case=case, by=inspector, inspection=inspection, line=line)
    conclude(case, by=inspector, findings=[FindingDraft(line, "as_claimed", "restock")])
    assert found() == []
    return Case.objects.get(pk=case.pk)


def test_every_column_of_the_photos_of_the_bench(inspected: Case, figure: Callable[..., None]) -> None:
    unseen, rows = [], list(Photo.objects.filter(case=inspected))
    for row in rows:
        unseen += missed(row, names(f"{inspected.number} #"))
    unseen = sorted(set(unseen) - GIVEN_BY_THE_DATABASE)
    figure("State", "photos of the bench: changed columns that were not located", len(unseen), "", "= 0")
    assert len(rows) == 2
    assert unseen == []


@pytest.fixture
def refund() -> Refund:
    """Paid: due, sent, paid, each a row of its history."""
    refund = make_refund(gateway="store_credit")
    settle(claim(timezone.now()), Paid(f"SC-{refund.pk}"))
    refund = Refund.objects.get(pk=refund.pk)
    assert (refund.steps, refund.history.count()) == (3, 3)
    assert of_books() == found() == []
    return refund


def test_every_column_of_every_history_row_of_a_refund(refund: Refund, figure: Callable[..., None]) -> None:
    here, unseen = f"case {refund.case.number}, refund {refund.pk}", []
    for row in refund.history.all():
        gone = f"refund {refund.pk + 10000}"
        unseen += missed(row, lambda field, gone=gone: bool({here, gone} & {*of_books()}))
    unseen = sorted(set(unseen) - {"history_id"})
    assert unseen == []
    figure("State", "history of refunds: changed columns that were not located", len(unseen), "", "= 0")


@pytest.mark.parametrize("row", [1, 2, 3])
def test_a_history_row_of_a_refund_that_was_deleted_is_named(refund: Refund, row: int) -> None:
    history = Refund.history.model
    cut(history, "history_id = %s", refund.history.get(steps=row).pk)
    faults = [str(fault) for fault in ledger_faults()]
    assert f"case {refund.case.number}, refund {refund.pk}: row {row} of its history is missing" in faults
    assert any(fault.startswith(f"{refund.case.number} #") for fault in found())


def test_a_history_that_was_counted_and_chained_anew_is_found_by_the_logbook(refund: Refund) -> None:
    """The first row is gone, and everything in the refund and its history agrees with that."""
    cut(Refund.history.model, "history_id = %s", refund.history.get(steps=1).pk)
    sql("UPDATE refunds_historicalrefund SET steps = steps - 1 WHERE id = %s", refund.pk)
    trail = ""
    for row in refund.history.order_by("history_id"):
        trail = next_trail(trail, row)
    sql("UPDATE refunds_refund SET steps = 2, trail = %s WHERE id = %s", trail, refund.pk)
    assert of_books() == []  # negative control
    paid = refund.case.log.get(verb="refund_paid")
    name = f"refund:{refund.token}/3"
    assert found() == [f"{refund.case.number} #{paid.seq}: its record “{name}” is missing"]


def test_a_pin_that_was_taken_out_with_the_chain_is_found_by_the_checkpoint(case: Case) -> None:
    """Whoever rewrites the chain so that it pins nothing any more does not fit the checkpoint."""
    checkpoint(LOGBOOK)
    checkpoint(SIGN_OFFS)
    with unguarded("returns_logentry"):
        sql("UPDATE returns_logentry SET digests = '{}' WHERE case_id = %s", case.pk)
    sql("DELETE FROM returns_evidence WHERE case_id = %s", case.pk)
    rehash(LogEntry, case)
    assert found() == []
    assert beside_checkpoints() == [f"{case.number} #3: checkpoint 1 has a different entry here"]
