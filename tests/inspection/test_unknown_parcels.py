"""Parcels without a case: recorded once, suggested with reasons, attached once, then received like any other."""

import io
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import segno
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from inspection.models import Photo, UnknownParcel
from inspection.unknown_parcels import actions
from inspection.unknown_parcels.queries import suggestions
from returns.lifecycle.actions import move
from returns.models import Case
from returns.portal.actions import ship
from signoff.models import Parcel
from tests.factories import CustomerFactory, OrderFactory, UserFactory, make_case
from tests.pictures.corpus import upload
from tests.steps.locks import meanwhile

pytestmark = pytest.mark.django_db

LABEL = {"tracking_number": "00 340 999", "carrier": "DHL", "sender": "Anna Schmidt", "weight": "1250"}


@pytest.fixture
def bench(client: Client) -> Client:
    client.force_login(UserFactory(role="inspector"))
    return client


def awaited(name: str = "Anna Schmidt", phone: str = "", number: str = "") -> Case:
    """A case that waits for goods; with ``number`` the shopper has said in which parcel they come."""
    customer = CustomerFactory(name=name, phone=phone)
    case = make_case(order=OrderFactory(customer=customer))
    for step in (Case.propose, Case.authorise):
        case = move(case, step, by=None)
    return ship(case, by=customer, carrier="DHL", tracking_number=number) if number else case


def record(**facts: Any) -> UnknownParcel:
    return actions.record(by=UserFactory(role="inspector"), token=f"t{UnknownParcel.objects.count()}", **facts)


def test_a_parcel_is_recorded_with_its_photo_and_waits_on_the_bench(bench: Client) -> None:
    page = bench.get("/desk/bench/unknown/?code=00340").context["form"]
    sent = LABEL | {"token": page["token"].value(), "pictures": upload("orient_landscape_1.jpg")}
    answer = bench.post("/desk/bench/unknown/", sent)
    parcel = UnknownParcel.objects.get()
    assert answer.headers["Location"] == f"/desk/bench/unknown/{parcel.token}/"
    assert (parcel.tracking_number, parcel.sender, parcel.weight) == ("00 340 999", "Anna Schmidt", 1250)
    photo = parcel.photos.get()
    assert f"/desk/bench/unknown-photos/{photo.token}/thumbnail" in bench.get(answer.headers["Location"]).text
    assert "00 340 999" in bench.get("/desk/bench/").text
    assert page["tracking_number"].value() == "00340"


def test_sent_twice_it_is_recorded_once(bench: Client) -> None:
    sent = LABEL | {"token": "once"}
    answers = {bench.post("/desk/bench/unknown/", sent).headers["Location"] for _ in range(2)}
    assert len(answers) == UnknownParcel.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Enter what the label says, or add a photo of it."),
        ({"weight": "heavy"}, "Enter a whole number."),
        ({"weight": "0"}, "greater than or equal to 1"),
        ({"sender": "A" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_recorded_gets_a_sentence(bench: Client, sent: dict[str, str], sentence: str) -> None:
    assert sentence in bench.post("/desk/bench/unknown/", sent | {"token": "t"}).text
    assert not UnknownParcel.objects.exists()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"tracking_number": "00-340 999"}, "the same tracking number"),
        ({"sender": "anna schmidt"}, "the shopper's name is anna schmidt"),
        ({"phone": "…4711"}, "the shopper's telephone ends like that"),
        ({"carrier": "dhl"}, "on its way with dhl"),
    ],
)
def test_a_case_is_suggested_with_its_reason(facts: dict[str, str], reason: str) -> None:
    case = awaited(phone="+49 170 1234711", number="00340999")
    awaited(name="Somebody Else")
    assert [(row.case, row.reasons) for row in suggestions(record(**facts))] == [(case, [reason])]


def test_numbers_in_the_remarks_are_looked_up() -> None:
    case = awaited()
    [row] = suggestions(record(remarks=f"Inside lies a slip: {case.number}"))
    assert (row.case, row.reasons) == (case, [f"its remarks name {case.number}"])


def test_the_case_with_more_reasons_comes_first() -> None:
    named, both = awaited(), awaited(number="00340999")
    found = suggestions(record(sender="Anna Schmidt", tracking_number="00340999"))
    assert [row.case for row in found] == [both, named]


def test_only_cases_that_wait_for_goods_are_suggested() -> None:
    make_case(order=OrderFactory(customer=CustomerFactory(name="Anna Schmidt")))
    assert suggestions(record(sender="Anna Schmidt")) == []


@pytest.mark.parametrize("facts", [{"sender": "王"}, {"phone": "12"}, {"remarks": "wet"}, {}])
def test_a_clue_that_says_too_little_suggests_nothing(facts: dict[str, str]) -> None:
    awaited(name="王", phone="+8612345612")
    assert suggestions(record(**facts)) in ([], suggestions(record(sender="王")))


def test_attached_it_is_the_return_parcel_with_its_photos_and_is_counted_next(bench: Client) -> None:
    case = awaited()
    unknown = record(carrier="UPS", tracking_number="1Z9", pictures=[])
    bench.post(f"/desk/bench/unknown/{unknown.token}/attach/", {"number": "nothing"})
    answer = bench.post(f"/desk/bench/unknown/{unknown.token}/attach/", {"number": case.number})
    assert answer.headers["Location"] == f"/desk/cases/{case.number}/receive/"
    parcel = case.parcels.get()
    assert (parcel.direction, parcel.carrier, parcel.tracking_number) == ("return", "UPS", "1Z9")
    line = case.lines.get()
    sent = {"seen": Case.objects.get(pk=case.pk).seq, f"count_{line.pk}": "1"}
    bench.post(answer.headers["Location"], sent)
    assert [receipt.parcel for receipt in case.receipts.all()] == [parcel]
    assert Case.objects.get(pk=case.pk).status == "received"
    assert "Unknown parcel attached to this case" in bench.get(f"/desk/cases/{case.number}/").text
    assert f"/unknown/{unknown.token}/" not in bench.get("/desk/bench/").text


def test_photos_go_along_as_copies(bench: Client) -> None:
    case = awaited()
    bench.post("/desk/bench/unknown/", LABEL | {"token": "t", "pictures": upload("orient_landscape_1.jpg")})
    unknown = UnknownParcel.objects.get()
    actions.attach(unknown, case, by=UserFactory(role="inspector"))
    photo = Photo.objects.get(case=case)
    assert photo.sha256 == unknown.photos.get().sha256
    assert photo.file.name != unknown.photos.get().file.name


def test_the_parcel_that_was_announced_is_taken_instead_of_a_second_one() -> None:
    case = awaited(number="00340999")
    actions.attach(record(tracking_number="00-340-999"), case, by=UserFactory(role="inspector"))
    assert Parcel.objects.filter(direction="return").count() == 1


def test_what_is_attached_stays_so_and_a_case_must_wait_for_goods() -> None:
    inspector, unknown, case = UserFactory(role="inspector"), record(sender="A"), awaited()
    with pytest.raises(TransitionNotAllowed):
        actions.attach(unknown, make_case(), by=inspector)
    actions.attach(unknown, case, by=inspector)
    with pytest.raises(actions.AlreadyAttached, match=f"belongs to case {case.number} already"):
        actions.attach(unknown, awaited(), by=inspector)
    with pytest.raises(PermissionDenied):
        actions.record(by=UserFactory(role="agent"), token="x")
    with pytest.raises(PermissionDenied):
        actions.attach(record(sender="B"), awaited(), by=UserFactory(role="agent"))


def _attached_at_once(*, without: str = "") -> int:
    """How many cases got the parcel when two people attached it at the same time, each to another."""
    unknown, first, second = record(sender="A"), awaited(), awaited()
    inspector = UserFactory(role="inspector")

    def attach(case: Case) -> None:
        with suppress(actions.AlreadyAttached):
            actions.attach(unknown, case, by=inspector)

    meanwhile(partial(attach, first), partial(attach, second), without=without)
    return Parcel.objects.filter(direction="return").count()


@pytest.mark.django_db(transaction=True)
def test_two_people_attach_it_at_the_same_time_to_one_case() -> None:
    assert _attached_at_once() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_belong_to_two() -> None:
    assert _attached_at_once(without="FOR UPDATE") == 2


def test_a_code_is_read_from_a_photo_of_the_label(bench: Client) -> None:
    drawn = io.BytesIO()
    segno.make("R-100042-6").save(drawn, kind="png", scale=8, border=4)
    label = SimpleUploadedFile("label.png", drawn.getvalue(), "image/png")
    answer = bench.post("/desk/bench/scan/", {"picture": label})
    assert answer.headers["Location"] == "/desk/bench/?code=R-100042-6"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("orient_landscape_1.jpg", "No code could be read."), ("empty.jpg", "this file is empty")],
)
def test_a_photo_without_a_code_gets_a_sentence(bench: Client, name: str, sentence: str) -> None:
    assert sentence in bench.post("/desk/bench/scan/", {"picture": upload(name)}, follow=True).text
    assert bench.post("/desk/bench/scan/").status_code == 302


def test_the_bench_asks_as_often_for_three_unknown_parcels_as_for_one(bench: Client) -> None:
    asked = []
    for more in (1, 2):
        for _ in range(more):
            record(sender="A", tracking_number=str(timezone.now()))
        with CaptureQueriesContext(connection) as queries:
            bench.get("/desk/bench/")
        asked.append(len(queries))
    assert asked[0] == asked[1]
