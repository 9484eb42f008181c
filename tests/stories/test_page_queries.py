"""The pages that people open all day ask the database at most ten times, however much a case has gone through."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from returns.models import Case
from tests.factories import (
    AnswerFactory,
    ApprovalFactory,
    EvidenceFactory,
    FindingFactory,
    InspectionFactory,
    ItemFactory,
    MessageFactory,
    OrderFactory,
    OrderLineFactory,
    PhotoFactory,
    ReceiptFactory,
    RefundFactory,
    ReplacementFactory,
    ResolutionFactory,
    SurveyFactory,
    UserFactory,
    make_case,
    make_entry,
    make_statement,
)
from tests.steps.logbook import note
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db
DESK, PORTAL = 9, 9


def lived_through(rows: int) -> Case:
    """A case with ``rows`` of everything that a case can have."""
    order = OrderFactory()
    for position in range(2, rows + 1):
        OrderLineFactory(order=order, position=position)
    case = make_case(order=order)
    for earlier in range(rows):
        make_case(order=OrderFactory(customer=order.customer))
        now = None if earlier == rows - 1 else timezone.now()
        plan = ResolutionFactory(case=case, superseded_at=now, approved_at=timezone.now())
        ItemFactory(resolution=plan)
        RefundFactory(resolution=plan, approved_by=ApprovalFactory(resolution=plan).by)
        FindingFactory(inspection=InspectionFactory(case=case, concluded_at=timezone.now()))
        EvidenceFactory(case=case)
        PhotoFactory(case=case, line=case.lines.first())
        ReceiptFactory(case=case)
        ReplacementFactory(case=case)
        MessageFactory(case=case)
        make_entry(case)
        make_statement(case)
        note(case, "take", by=UserFactory())
    AnswerFactory(survey=SurveyFactory(case=case))
    return case


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("role", ["agent", "manager"])
def test_the_case_page_asks_as_often_for_three_of_everything_as_for_one(
    client: Client, role: str, rows: int, django_assert_num_queries: Any
) -> None:
    case, user = lived_through(rows), UserFactory(role=role)
    client.force_login(user)
    with django_assert_num_queries(DESK):
        page = client.get(case.get_absolute_url()).text
    assert page.count("Received by") == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_status_page_asks_as_often_for_three_of_everything_as_for_one(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    case = lived_through(rows)
    enter(client, case.order)
    with django_assert_num_queries(PORTAL):
        assert client.get(f"/cases/{case.number}/").status_code == 200
