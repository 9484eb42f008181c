"""The bench's pages: scan, receive, inspect, appraise; nothing typed or photographed is lost."""

import io
from contextlib import closing
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from inspection.actions import receive
from inspection.models import Finding, Photo
from returns.lifecycle.actions import move
from returns.models import Case
from signoff.models import Parcel
from tests.factories import UserFactory, make_case
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(client: Client) -> Client:
    client.force_login(UserFactory(role="inspector"))
    return client


def authorised() -> Case:
    case = make_case(quantity=2)
    for step in (Case.propose, Case.authorise):
        case = move(case, step, by=None)
    return case


def at_the_bench() -> Case:
    case = authorised()
    receive(case, by=None, counted={case.lines.get().pk: 2})
    return Case.objects.get(pk=case.pk)


def photo(name: str = "box.jpg", colour: str = "teal") -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/jpeg")


@pytest.mark.parametrize("code", ["number", "address", "order", "tracking", "spoken"])
def test_a_scan_leads_straight_to_the_next_step(bench: Client, code: str) -> None:
    case = authorised()
    parcel = Parcel.objects.create(order=case.order, direction="return", tracking_number="RR123456785GB")
    case.parcels.add(parcel)
    typed = {
        "number": case.number,
        "address": f"http://127.0.0.1:8000/desk/cases/{case.number}/receive/",
        "order": case.order.number.lower(),
        "tracking": "RR123456785GB",
        "spoken": case.number.replace("-", "").lower(),
    }[code]
    response = bench.get("/desk/bench/", {"code": typed})
    assert (response.status_code, response.url) == (302, f"/desk/cases/{case.number}/receive/")


def test_an_unknown_code_gets_a_sentence(bench: Client) -> None:
    response = bench.get("/desk/bench/", {"code": "nothing<b>"})
    assert "No case matches “nothing&lt;b&gt;”" in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_bench_asks_the_same_number_of_queries(bench: Client, rows: int, django_assert_num_queries: object) -> None:
    for _row in range(rows):
        at_the_bench()
        authorised()
    bench.get("/desk/bench/")
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        assert bench.get("/desk/bench/").status_code == 200


QUERIES = 7


def test_receiving_from_the_page_keeps_count_and_photo(bench: Client) -> None:
    case = authorised()
    line = case.lines.get()
    data = {"seen": case.seq, f"count_{line.pk}": 2, "remarks": "Box crushed", "pictures": [photo()]}
    response = bench.post(f"/desk/cases/{case.number}/receive/", data)
    assert response.url == f"/desk/cases/{case.number}/inspect/"
    receipt = case.receipts.get()
    assert (receipt.counted, receipt.remarks, Photo.objects.filter(case=case).count()) == (
        {str(line.pk): 2},
        "Box crushed",
        1,
    )


def test_a_wrong_count_is_refused_and_what_was_typed_stays(bench: Client) -> None:
    case = authorised()
    line = case.lines.get()
    data = {"seen": case.seq, f"count_{line.pk}": 10_001, "remarks": "Box crushed"}
    page = bench.post(f"/desk/cases/{case.number}/receive/", data).text
    assert "Enter each count as a number from 0 to 10000." in page
    assert 'value="10001"' in page
    assert "Box crushed" in page


def test_a_stale_form_is_refused_with_a_sentence_and_keeps_what_was_typed(bench: Client) -> None:
    case = authorised()
    data = {"seen": case.seq - 1, f"count_{case.lines.get().pk}": 2, "remarks": "Lid is bent."}
    response = bench.post(f"/desk/cases/{case.number}/receive/", data)
    assert response.status_code == 409
    assert "Its status is now" in response.text
    assert "Lid is bent." in response.text
    assert Case.objects.get(pk=case.pk).status == "authorised"


def test_the_verdict_from_the_page_moves_the_case(bench: Client) -> None:
    case = at_the_bench()
    prefix = f"line{case.lines.get().pk}"
    data = {
        "seen": case.seq,
        f"{prefix}-verdict": "as_claimed",
        f"{prefix}-disposition": "scrap",
        f"{prefix}-grade": "D",
        f"{prefix}-pictures": [photo(), photo("b.jpg", "olive"), photo("again.jpg")],
    }
    assert bench.post(f"/desk/cases/{case.number}/inspect/", data).url == case.get_absolute_url()
    assert Case.objects.get(pk=case.pk).status == "inspected"
    assert Photo.objects.filter(line__case=case).count() == 2  # the third is the first once more


def test_a_refused_verdict_keeps_its_photos_and_words(bench: Client) -> None:
    case = at_the_bench()
    prefix = f"line{case.lines.get().pk}"
    data = {"seen": case.seq, f"{prefix}-words": "Scratched lid", f"{prefix}-pictures": [photo()]}
    page = bench.post(f"/desk/cases/{case.number}/inspect/", data).text
    assert "Scratched lid" in page
    assert Photo.objects.filter(line__case=case).count() == 1
    assert f"/photos/{Photo.objects.get().token}/thumbnail" in page


def test_another_fault_needs_words(bench: Client) -> None:
    case = at_the_bench()
    prefix = f"line{case.lines.get().pk}"
    data = {"seen": case.seq, f"{prefix}-verdict": "other_fault", f"{prefix}-disposition": "scrap"}
    assert "Describe what you found" in bench.post(f"/desk/cases/{case.number}/inspect/", data).text


@pytest.mark.parametrize(
    ("verdict", "disposition", "asked"),
    [
        ("as_claimed", "scrap", False),
        ("no_fault_found", "restock", True),
        ("incomplete", "scrap", True),
        ("as_claimed", "send_back", True),
    ],
)
def test_a_verdict_that_differs_from_the_request_needs_words(
    bench: Client, verdict: str, disposition: str, asked: bool
) -> None:
    case = at_the_bench()
    prefix = f"line{case.lines.get().pk}"
    data = {"seen": case.seq, f"{prefix}-verdict": verdict, f"{prefix}-disposition": disposition}
    response = bench.post(f"/desk/cases/{case.number}/inspect/", data)
    assert ("Describe what you found" in response.text) == asked
    if asked:
        data[f"{prefix}-words"] = "I see."
        assert bench.post(f"/desk/cases/{case.number}/inspect/", data).url == case.get_absolute_url()


def split_verdict(case: Case, *, units: str = "", **second: Any) -> dict[str, Any]:
    """One unit as reported; about the other what ``second`` says."""
    prefix = f"line{case.lines.get().pk}"
    first = {"verdict": "as_claimed", "disposition": "scrap", "grade": "D"}
    return {
        "seen": case.seq,
        **{f"{prefix}-{name}": value for name, value in first.items()},
        f"{prefix}-2-quantity": units,
        **{f"{prefix}-2-{name}": value for name, value in second.items()},
    }


FINE = {"verdict": "no_fault_found", "disposition": "restock", "grade": "A", "words": "Unused."}


def test_two_units_of_one_line_get_two_verdicts(bench: Client) -> None:
    case = at_the_bench()
    assert "Paper lantern, large: verdict 2 for other units" in bench.get(f"/desk/cases/{case.number}/inspect/").text
    data = split_verdict(case, **FINE, pictures=photo())
    assert bench.post(f"/desk/cases/{case.number}/inspect/", data).url == case.get_absolute_url()
    found = Finding.objects.filter(line__case=case).values_list("quantity", "verdict", "disposition", "grade", "words")
    assert list(found) == [(1, "as_claimed", "scrap", "D", ""), (1, "no_fault_found", "restock", "A", "Unused.")]
    assert (case.lines.get().accepted, Photo.objects.filter(line__case=case).count()) == (2, 1)
    units = {"as_claimed": 1, "no_fault_found": 1}
    assert case.log.get(verb="inspect").facts == {"verdicts": ["as_claimed", "no_fault_found"], "units": units}
    desk = " ".join(bench.get(case.get_absolute_url()).text.split())
    for page in (desk, enter(Client(), case.order).get(f"/cases/{case.number}/").text):
        assert "1 × as reported and 1 × no fault found" in page
    assert "The inspection found something else than the request says." in desk
    assert "1 × Paper lantern, large: no fault found. “Unused.”" in desk


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"verdict": "no_fault_found", "disposition": "restock"}, "Describe what you found"),
        ({"words": "One is fine."}, "This field is required."),
        (FINE | {"units": "2"}, "Only 2 came. Leave at least one for the verdict above."),
        (FINE | {"units": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_verdict_for_some_units_that_does_not_add_up_is_shown_again(
    bench: Client, typed: dict[str, str], sentence: str
) -> None:
    case = at_the_bench()
    page = bench.post(f"/desk/cases/{case.number}/inspect/", split_verdict(case, **typed)).text
    assert sentence in page
    assert 'class="unit-split" open' in page
    assert typed.get("words", "") in page
    assert not Finding.objects.exists()


def test_an_appraisal_from_the_page(bench: Client) -> None:
    case = move(make_case(), Case.send_to_appraisal, by=None)
    data = {"seen": case.seq, "verdict": "misuse", "words": "The thread is stripped."}
    assert bench.post(f"/desk/cases/{case.number}/record_appraisal/", data).url == "/desk/bench/"
    assert case.appraisals.get().words == "The thread is stripped."


def test_photos_are_for_staff_and_the_cases_shopper_only(bench: Client, client: Client) -> None:
    case = authorised()
    data = {"seen": case.seq, f"count_{case.lines.get().pk}": 2, "pictures": [photo()]}
    bench.post(f"/desk/cases/{case.number}/receive/", data)
    address = f"/photos/{Photo.objects.get().token}/thumbnail"
    with closing(bench.get(address)) as response:
        assert response.status_code == 200
    assert Client().get(address).status_code == 404


def test_an_outdated_verdict_is_refused_once_and_can_be_sent_again(bench: Client) -> None:
    case = at_the_bench()
    prefix = f"line{case.lines.get().pk}"
    data = {"seen": case.seq - 1, f"{prefix}-verdict": "as_claimed", f"{prefix}-disposition": "scrap"}
    page = bench.post(f"/desk/cases/{case.number}/inspect/", data).text
    assert "Its status is now" in page
    assert f'name="seen" value="{case.seq}"' in page
    assert bench.post(f"/desk/cases/{case.number}/inspect/", data | {"seen": case.seq}).url == case.get_absolute_url()


def test_an_outdated_appraisal_is_refused_once_and_can_be_sent_again(bench: Client) -> None:
    case = move(make_case(), Case.send_to_appraisal, by=None)
    data = {"seen": case.seq - 1, "verdict": "misuse", "words": "The thread is stripped."}
    page = bench.post(f"/desk/cases/{case.number}/record_appraisal/", data).text
    assert "The thread is stripped." in page
    assert f'name="seen" value="{case.seq}"' in page
    assert bench.post(f"/desk/cases/{case.number}/record_appraisal/", data | {"seen": case.seq}).url == "/desk/bench/"


def test_photos_of_a_refused_count_are_kept(bench: Client) -> None:
    case = authorised()
    data = {"seen": case.seq, f"count_{case.lines.get().pk}": 7, "pictures": [photo()]}
    bench.post(f"/desk/cases/{case.number}/receive/", data)
    assert Photo.objects.filter(case=case).count() == 1


def test_a_photo_that_has_no_room_is_refused_and_the_step_goes_on(bench: Client) -> None:
    case = authorised()
    Photo.objects.bulk_create(Photo(case=case, file="x", thumbnail="x") for _number in range(12))
    data = {"seen": case.seq, f"count_{case.lines.get().pk}": 2, "pictures": [photo()]}
    page = bench.post(f"/desk/cases/{case.number}/receive/", data, follow=True).text
    assert "At most 12 photos can be kept here." in page
    assert Photo.objects.filter(case=case).count() == 12
    assert Case.objects.get(pk=case.pk).status == Case.Status.RECEIVED


@pytest.mark.parametrize("seen", [{}, {"seen": "²"}, {"seen": "9" * 5000}])
@pytest.mark.parametrize("step", ["receive", "inspect"])
def test_a_form_without_sense_is_shown_again(bench: Client, step: str, seen: dict[str, str]) -> None:
    case = authorised() if step == "receive" else at_the_bench()
    assert bench.post(f"/desk/cases/{case.number}/{step}/", seen).status_code == 200


def test_the_bench_says_when_it_does_not_show_all(bench: Client, settings: Any) -> None:
    settings.BENCH_ROWS = 1
    cases = [at_the_bench() for _case in range(2)]
    page = bench.get("/desk/bench/").content.decode()
    assert page.count("Showing the 1 case due first.") == 1
    assert [case.number in page for case in cases].count(True) == 1
