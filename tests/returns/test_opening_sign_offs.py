"""What is wrong on delivery becomes a case by itself, once, and nobody types it again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models.fields.files import FieldFile
from django.test import Client

from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.lifecycle.actions import move
from returns.lifecycle.unit_reservation import complete_units
from returns.logbook.locks import lock_with_lines
from returns.logbook.timeline import timeline_of
from returns.models import Case, CaseOrigin, Line
from signoff.signoffs.actions import correct, sign
from signoff.signoffs.rules import DeliveryReport, LineCount
from tests.factories import ParcelFactory, ReasonFactory, SignOffFactory, UserFactory, make_case
from tests.factories.signed_parcels import add_photos, make_order, make_parcel, make_sign_off
from tests.steps.locks import meanwhile

pytestmark = pytest.mark.django_db
KINDS = {
    "missing": "missing",
    "wrong_item": "wrong_item",
    "damaged": "damaged_in_transit",
    "defective": "defective",
    "not_as_described": "not_as_described",
}


def asked() -> list[tuple[int, str, str, str]]:
    lines = Line.objects.order_by("pk").values_list("requested", "reason__code", "wish", "words")
    return list(lines)


def content(stored: FieldFile) -> bytes:
    with stored.storage.open(stored.name) as file:
        return file.read()


@pytest.mark.parametrize(("kind", "code"), KINDS.items())
def test_each_kind_of_discrepancy_opens_a_case_with_its_reason(kind: str, code: str) -> None:
    line = make_order().lines.get()
    make_sign_off({line: {kind: 2}}, said={line: "Look at this."})
    assert open_from_sign_offs() == 1
    case = Case.objects.get()
    assert (case.status, case.channel, case.order) == ("submitted", "sign_off", line.order)
    assert asked() == [(2, code, "resend" if kind == "missing" else "refund", "Look at this.")]


def test_the_photos_of_the_delivery_are_the_evidence_with_files_of_their_own() -> None:
    line = make_order().lines.get()
    sign_off = make_sign_off({line: {"damaged": 1}})
    of_line, outside = add_photos(sign_off, line, None)
    open_from_sign_offs()
    case = Case.objects.get()
    shown, around = case.evidence.order_by("pk")
    assert (shown.line, shown.order_line, around.line) == (case.lines.get(), line, None)
    assert (shown.sha256, shown.width, shown.bytes) == (of_line.sha256, of_line.width, of_line.bytes)
    assert shown.file.name != of_line.file.name
    assert content(shown.file) == content(of_line.file)
    outside.file.storage.delete(outside.file.name)
    assert around.thumbnail.storage.exists(around.thumbnail.name)


def test_a_photo_whose_file_is_gone_keeps_no_case_from_opening(caplog: pytest.LogCaptureFixture) -> None:
    line = make_order().lines.get()
    (photo,) = add_photos(make_sign_off({line: {"damaged": 1}}), line)
    photo.file.storage.delete(photo.file.name)
    assert open_from_sign_offs() == 1
    assert Case.objects.get().evidence.count() == 0
    assert [record.getMessage() for record in caplog.records] == [f"The files of photo {photo.token} are gone"]


def test_one_line_with_several_faults_asks_for_all_its_units_and_says_which() -> None:
    line = make_order().lines.get()
    make_sign_off({line: {"missing": 1, "damaged": 2}}, said={line: "Wet."})
    open_from_sign_offs()
    assert asked() == [(3, "damaged_in_transit", "refund", "1 × missing, 2 × damaged in transit\n\nWet.")]


def test_several_lines_are_one_case_and_words_about_the_whole_come_first() -> None:
    first, second = make_order((2, "20.00"), (1, "35.00")).lines.all()
    make_sign_off(
        {first: {"missing": 1}, second: {"defective": 1}}, said={None: "The box was open.", second: "No light."}
    )
    open_from_sign_offs()
    assert Case.objects.count() == 1
    assert asked() == [
        (1, "missing", "resend", "The box was open."),
        (1, "defective", "refund", "No light."),
    ]


def test_a_refused_parcel_is_one_case_about_all_its_units() -> None:
    first, second = make_order((2, "20.00"), (1, "35.00")).lines.all()
    make_sign_off({first: {"damaged": 1}, second: {}}, outcome="refused")
    open_from_sign_offs()
    assert [(units, code) for units, code, *_ in asked()] == [(2, "damaged_in_transit"), (1, "changed_mind")]


@pytest.mark.parametrize("outcome", ["accepted", "with_remarks"])
def test_a_parcel_in_which_nothing_was_wrong_opens_nothing(outcome: str) -> None:
    line = make_order().lines.get()
    make_sign_off({line: {}}, said={line: "The box was wet."}, outcome=outcome)
    assert open_from_sign_offs() == 0
    assert not CaseOrigin.objects.exists()


def test_the_case_speaks_the_shoppers_language_and_is_the_shoppers() -> None:
    order = make_order()
    order.customer.language = "zh-hans"
    order.customer.save()
    make_sign_off({order.lines.get(): {"defective": 1}})
    open_from_sign_offs()
    case = Case.objects.get()
    assert (case.language, case.customer, case.log.get().by_shopper) == ("zh-hans", order.customer, True)


def test_what_was_told_by_telephone_is_opened_in_the_name_of_who_wrote_it_down() -> None:
    agent = UserFactory(role="agent")
    make_sign_off({make_order().lines.get(): {"defective": 1}}, channel="phone", recorded_by=agent)
    open_from_sign_offs()
    entry = Case.objects.get().log.get()
    assert (entry.by, entry.by_shopper) == (agent, False)


def test_the_logbook_keeps_no_words_and_tells_where_the_case_came_from() -> None:
    line = make_order().lines.get()
    sign_off = make_sign_off({line: {"defective": 1}}, said={line: "Anna says no."})
    open_from_sign_offs()
    case = Case.objects.get()
    parcel = sign_off.parcel.token
    facts = {"parcel": parcel, "outcome": "partly", "signed_by": "portal", "lines": 1, "channel": "sign_off"}
    assert case.log.get().facts == facts
    assert timeline_of(case, audience="desk")[0].title == "Case opened automatically from problems at sign-off"
    assert timeline_of(case, audience="shopper")[0].title == "Request opened from what you told us on delivery"


def test_swept_twice_it_is_one_case() -> None:
    make_sign_off({make_order().lines.get(): {"defective": 1}})
    assert (open_from_sign_offs(), open_from_sign_offs(), Case.objects.count()) == (1, 0, 1)


def test_only_units_that_no_case_has_yet_are_asked_for() -> None:
    order = make_order()
    make_case(order=order, quantity=2)
    make_sign_off({order.lines.get(): {"damaged": 2}})
    open_from_sign_offs()
    assert list(Case.objects.filter(channel="sign_off").values_list("lines__requested")) == [(1,)]


def test_where_every_unit_has_its_case_that_case_is_told_and_no_other_opens() -> None:
    order = make_order()
    case = make_case(order=order, quantity=3)
    sign_off = make_sign_off({order.lines.get(): {"damaged": 2}})
    assert open_from_sign_offs() == 1
    assert (CaseOrigin.objects.get().sign_off, CaseOrigin.objects.get().case) == (sign_off, None)
    assert case.log.last().verb == "sign_off_told"
    assert open_from_sign_offs() == 0


def test_of_a_corrected_sign_off_only_the_newest_counts_with_the_photos_of_all() -> None:
    line = make_order().lines.get()
    first = make_sign_off({line: {"damaged": 3}})
    add_photos(first, line)
    make_sign_off({line: {"damaged": 1}}, parcel=first.parcel, corrects=first)
    assert open_from_sign_offs() == 1
    assert [units for units, *_ in asked()] == [1]
    assert Case.objects.get().evidence.count() == 1


@pytest.mark.parametrize("found", [{}, {"damaged": 3}])
def test_a_correction_is_told_to_the_case_that_is_open_and_opens_none(found: dict[str, int]) -> None:
    line, agent = make_order().lines.get(), UserFactory(role="agent")
    first = make_sign_off({line: {"damaged": 1}})
    open_from_sign_offs()
    make_sign_off({line: found}, parcel=first.parcel, corrects=first, recorded_by=agent)
    assert (open_from_sign_offs(), open_from_sign_offs()) == (1, 0)
    entry = Case.objects.get().log.last()
    assert (entry.verb, entry.by) == ("sign_off_corrected", agent)


def test_a_correction_of_what_opened_nothing_opens_a_case() -> None:
    line = make_order().lines.get()
    first = make_sign_off({line: {}})
    open_from_sign_offs()
    make_sign_off({line: {"missing": 1}}, parcel=first.parcel, corrects=first)
    assert open_from_sign_offs() == 1
    assert Case.objects.count() == 1


def test_a_replacement_that_arrives_broken_opens_its_case_again() -> None:
    """Its units are held for good by the case that sent them: no second one can have them."""
    order = make_order()
    case = make_case(order=order, quantity=3)
    for step in (Case.propose, Case.settle, Case.resolve):
        move(case, step, by=None)
    complete_units(lock_with_lines(case))
    parcel = ParcelFactory(order=order, direction="replacement")
    case.parcels.add(parcel)
    make_sign_off({order.lines.get(): {"damaged": 1}}, parcel=parcel)
    assert open_from_sign_offs() == 1
    case = Case.objects.get()
    assert (case.status, [entry.verb for entry in case.log.all()][-2:]) == ("submitted", ["reopen", "sign_off_told"])


def test_a_shop_without_reasons_has_its_case_as_soon_as_it_offers_one() -> None:
    order = SignOffFactory().order
    make_sign_off({order.lines.get(): {"defective": 1}})
    assert open_from_sign_offs() == 0
    ReasonFactory(shop=order.shop)
    assert open_from_sign_offs() == 1


def test_a_sign_off_that_breaks_keeps_no_other_waiting(caplog: pytest.LogCaptureFixture) -> None:
    broken, good = (make_sign_off({make_order().lines.get(): {"defective": 1}}) for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE returns_case ADD CONSTRAINT none_of_it CHECK (order_id <> {broken.order_id})")
    assert open_from_sign_offs() == 1
    assert CaseOrigin.objects.get().sign_off == good
    assert [record.getMessage() for record in caplog.records] == [f"The sweep leaves sign-off {broken.pk} as it is"]


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_open_each_case_once() -> None:
    for _ in range(6):
        make_sign_off({make_order().lines.get(): {"defective": 1}})

    def sweep() -> int:
        try:
            return open_from_sign_offs()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        done = [future.result() for future in [pool.submit(sweep) for _ in range(6)]]
    assert sum(done) == 6
    assert Case.objects.count() == CaseOrigin.objects.count() == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_a_correction_during_the_sweep_ends_in_one_case_that_knows(_round: int) -> None:
    line = make_order().lines.get()
    first = sign(make_parcel(line.order), DeliveryReport({line.pk: LineCount(0)}), channel="portal")
    both = Barrier(2)

    def at_once(action: Callable[[], object]) -> None:
        both.wait()
        try:
            action()
        finally:
            connections.close_all()

    found_again = DeliveryReport({line.pk: LineCount(2)})
    with ThreadPoolExecutor(2) as pool:
        calls = [lambda: correct(first, found_again, channel="phone", by=None), open_from_sign_offs]
        for done in [pool.submit(at_once, action) for action in calls]:
            done.result()
    open_from_sign_offs()

    case = Case.objects.get()
    told_later = case.log.filter(verb="sign_off_corrected").exists()
    assert case.lines.get().requested == (3 if told_later else 1)
    assert CaseOrigin.objects.filter(sign_off__corrects=first).exists()


def swept_while_a_shopper_asks(without: str) -> int:
    """How many cases a sweep opens about two units of three, while a shopper asks for two of them."""
    line = make_order().lines.get()
    make_sign_off({line: {"defective": 2}})
    asks = partial(make_case, order=line.order, quantity=2)
    return int(meanwhile(asks, open_from_sign_offs, without=without))


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_waits_for_a_shopper_opens_a_case_about_what_is_left() -> None:
    assert swept_while_a_shopper_asks(without="") == 1
    assert Line.objects.order_by("pk").last().requested == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_its_lines_the_sweep_would_ask_for_what_is_gone() -> None:
    assert swept_while_a_shopper_asks(without="(?<=ASC) FOR UPDATE$") == 0


def test_the_case_waits_in_the_agents_queue(client: Client, run_jobs: Any) -> None:
    line = make_order().lines.get()
    add_photos(make_sign_off({line: {"damaged": 1}}), line)
    run_jobs()
    client.force_login(UserFactory(role="agent"))
    case = Case.objects.get()
    assert case.number in client.get("/desk/cases/").content.decode()
    page = client.get(case.get_absolute_url()).content.decode()
    assert "problem at sign-off" in page
    assert f"/evidence/{case.evidence.get().token}/" in page
