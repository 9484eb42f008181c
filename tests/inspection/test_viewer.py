"""The evidence viewer: which pictures it shows, what their files say, and which look like those of other cases."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspection.models import Photo
from returns.case_page.lookalikes import lookalikes
from returns.models import Case, Evidence
from signoff.pictures.alike import alike
from tests.factories import OrderFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db

HASH = "0f1e2d3c4b5a6978"


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def picture(case: Case, digits: str = HASH, **facts: Any) -> Evidence:
    return Evidence.objects.create(case=case, file="x.jpg", thumbnail="y.jpg", dhash=digits, **facts)


def flipped(digits: str, *bits: int) -> str:
    value = int(digits, 16)
    for bit in bits:
        value ^= 1 << bit
    return f"{value:016x}"


@pytest.mark.parametrize(
    ("bits", "found"),
    [
        ((), True),
        ((0,), True),
        ((0, 16, 32, 48, 5, 21), True),  # six, spread over all four bands
        ((0, 1, 2, 3, 4, 5), True),  # six in one band
        ((0, 1, 16, 17, 32, 48), True),
        ((0, 16, 32, 48, 5, 21, 37), False),  # seven
        (tuple(range(20)), False),
    ],
)
def test_a_picture_is_found_up_to_six_different_points(bits: tuple[int, ...], found: bool) -> None:
    other = picture(make_case(), flipped(HASH, *bits))
    assert list(alike(Evidence.objects.all(), [HASH])) == ([other] if found else [])


@pytest.mark.parametrize("digits", ["", "0" * 16, "f" * 16, "0000000000000007"])
def test_a_blank_picture_looks_like_nothing(digits: str) -> None:
    picture(make_case(), digits)
    assert list(alike(Evidence.objects.all(), [digits])) == []


def test_the_search_uses_the_indexes() -> None:
    case = make_case()
    rows = (
        Evidence(case=case, file="x", dhash=f"{number * 2654435761 * 40503 % 2**64:016x}") for number in range(3000)
    )
    Evidence.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE returns_evidence")
    plan = alike(Evidence.objects.all(), [HASH]).explain()
    assert all(f"evidence_dhash_{band}" in plan for band in (1, 2, 3, 4))
    assert "Seq Scan" not in plan


def test_a_picture_of_another_case_is_flagged_and_both_are_beside_each_other(agent: Client) -> None:
    case, other = make_case(), make_case()
    ours, theirs = picture(case), picture(other, flipped(HASH, 3, 40))
    page = agent.get(f"/desk/cases/{case.number}/evidence/").text
    assert "This picture looks like one in another case." in page
    assert "another shopper" in page
    assert "62 of 64 points agree" in page
    compare = f"/desk/cases/{case.number}/evidence/?left={ours.token}&amp;right={theirs.token}"
    assert f'href="{compare}"' in page
    both = agent.get(compare.replace("&amp;", "&")).text
    assert f'src="/evidence/{ours.token}/full"' in both
    assert f'src="/evidence/{theirs.token}/full"' in both
    assert "looks used elsewhere" in agent.get(f"/desk/cases/{case.number}/").text


def test_pictures_of_one_shopper_are_said_to_be() -> None:
    order = OrderFactory()
    case, other = make_case(order=order), make_case(order=OrderFactory(customer=order.customer))
    ours, _theirs = picture(case), picture(other)
    [[row]] = lookalikes(case, [ours], user=UserFactory(role="agent")).values()
    assert (row.case, row.points, row.same_shopper) == (other, 64, True)


def test_within_one_case_and_in_drafts_nothing_is_flagged(agent: Client) -> None:
    case = make_case()
    picture(case)
    picture(case)
    assert "looks used elsewhere" not in agent.get(f"/desk/cases/{case.number}/evidence/").text


def test_people_who_may_not_see_cases_learn_nothing() -> None:
    case, other = make_case(), make_case()
    ours, _theirs = picture(case), picture(other)
    assert lookalikes(case, [ours], user=UserFactory()) == {}
    assert len(lookalikes(case, [ours], user=UserFactory(role="inspector"))) == 1  # the control


def test_a_foreign_picture_is_not_shown_unless_it_looks_alike(agent: Client) -> None:
    case, other = make_case(), make_case()
    ours, theirs = picture(case), picture(other, flipped(HASH, *range(20)))
    page = agent.get(f"/desk/cases/{case.number}/evidence/?left={ours.token}&right={theirs.token}").text
    assert str(theirs.token) not in page
    assert str(theirs.token) not in agent.get(f"/desk/cases/{case.number}/evidence/?left={theirs.token}").text


@pytest.mark.parametrize(("days", "doubt"), [(-2, "before the order"), (0, ""), (400, "after it was sent")])
def test_time_and_camera_are_what_the_file_says(agent: Client, days: int, doubt: str) -> None:
    case = make_case()
    picture(case, taken_at_claim=case.order.placed_at + timedelta(days=days), camera_claim="Acme One")
    page = agent.get(f"/desk/cases/{case.number}/evidence/").text
    assert "Taken, as the file says" in page
    assert "Camera, as the file says" in page
    assert "Acme One" in page
    for words in ("before the order", "after it was sent"):
        assert (words in page) == (words == doubt)


def test_the_bench_is_on_the_right_and_links_lead_through_the_pictures(agent: Client) -> None:
    case = make_case()
    first, second = picture(case), picture(case, "1234123412341234")
    photo = Photo.objects.create(case=case, file="x.jpg", thumbnail="y.jpg", taken_by=UserFactory(first_name="Ama"))
    page = agent.get(f"/desk/cases/{case.number}/evidence/")
    assert [pane.token for pane in page.context["panes"]] == [str(first.token), str(photo.token)]
    following = f"/desk/cases/{case.number}/evidence/?left={second.token}&amp;right={photo.token}"
    assert f'href="{following}" data-key="ArrowRight"' in page.text
    single = agent.get(f"/desk/cases/{case.number}/evidence/?left={second.token}")
    assert [pane.token for pane in single.context["panes"]] == [str(second.token)]


def test_without_pictures_the_case_is_shown(agent: Client) -> None:
    case = make_case()
    picture(case).erase()
    assert agent.get(f"/desk/cases/{case.number}/evidence/").headers["Location"] == f"/desk/cases/{case.number}/"


def test_the_page_asks_as_often_for_six_pictures_as_for_two(agent: Client) -> None:
    asked = []
    for more in (1, 3):
        case = make_case()
        for number in range(more):
            picture(case, taken_at_claim=timezone.now())
            Photo.objects.create(case=case, file="x.jpg", line=case.lines.first())
            picture(make_case(), flipped(HASH, number))
        with CaptureQueriesContext(connection) as queries:
            assert agent.get(f"/desk/cases/{case.number}/evidence/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
