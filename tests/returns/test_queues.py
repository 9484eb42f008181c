"""Finding cases: search, counts, what is due."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from returns.lifecycle.actions import move
from returns.lifecycle.states import FINISHED, OPEN
from returns.models import Case
from signoff.models import Parcel
from tests.factories import CustomerFactory, OrderFactory, OrderLineFactory, make_case

pytestmark = pytest.mark.django_db


def found(words: str) -> Any:
    return list(Case.objects.search(words))


@pytest.fixture
def case() -> Case:
    customer = CustomerFactory(name="陈美玲", email="MeiLing@shopper.example")
    order = OrderFactory(number="LT-77-009", customer=customer)
    line = order.lines.get()
    line.title = "无线降噪耳机 Pro"
    line.save()
    Parcel.objects.create(order=order, direction="outbound", tracking_number="SF1029384756")
    found_case = make_case(order=order)
    found_case.parcels.add(Parcel.objects.create(order=order, direction="return", tracking_number="YT556677"))
    make_case(order=OrderFactory(customer=CustomerFactory(name="Tom Baker", email="tom@shopper.example")))
    return found_case


@pytest.mark.parametrize(
    "words",
    ["77-00", "lt-77", "陈美玲", "美玲", "meiling@", "SF1029384756", "YT556677", "耳机", "降噪耳机 pro", "  美玲 "],
)
def test_a_case_is_found_by(case: Case, words: str) -> None:
    assert found(words) == [case]


def test_a_case_is_found_by_its_number_or_a_part_of_it(case: Case) -> None:
    assert found(case.number) == found(case.number.lower()) == found(case.number[2:]) == [case]


@pytest.mark.parametrize("words", ["nobody", "耳环", "%", "_", "SF10293"])
def test_a_case_is_not_found_by(case: Case, words: str) -> None:
    assert found(words) == []


def test_a_case_with_two_matching_articles_is_found_once() -> None:
    order = OrderFactory()
    OrderLineFactory(order=order, position=2)
    make_case(order=order)
    assert len(found("lantern")) == 1


def test_no_words_find_everything(case: Case) -> None:
    assert Case.objects.search(" ").count() == 2


def test_every_state_is_either_open_or_finished() -> None:
    assert sorted([*OPEN, *FINISHED]) == sorted(Case.Status.values)


def test_overdue_is_what_is_open_and_past_its_time() -> None:
    month_ago = timezone.now() - timedelta(days=30)
    late = make_case(now=month_ago)
    move(make_case(now=month_ago), Case.reject, by=None, now=month_ago)
    make_case()
    assert list(Case.objects.overdue()) == [late]


def test_counts_stop_at_their_limit(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_case()
    move(make_case(), Case.reject, by=None)
    with django_assert_num_queries(1):
        counts = Case.objects.counts_by_status(["submitted", "rejected", "closed"], limit=1)
    assert counts == {"submitted": 2, "rejected": 1, "closed": 0}
    assert Case.objects.count_up_to(2) == 3


def test_counts_respect_what_was_filtered() -> None:
    kept = make_case()
    make_case()
    cases = Case.objects.search(kept.number)
    assert cases.counts_by_status(["submitted"]) == {"submitted": 1}
