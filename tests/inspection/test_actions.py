"""What the bench does to a case, and what it refuses."""

import pytest
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from inspection.actions import CountRefused, FindingDraft, appraise, conclude, receive
from inspection.models import Finding
from returns.lifecycle.actions import move
from returns.models import Case
from tests.factories import FindingFactory, OrderFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db


def authorised(**options: object) -> Case:
    case = make_case(**options)
    for step in (Case.propose, Case.authorise):
        case = move(case, step, by=None)
    return case


def test_receiving_counts_and_begins_the_inspection() -> None:
    case, inspector = authorised(quantity=2), UserFactory(role="inspector")
    line = case.lines.get()

    receipt = receive(case, by=inspector, counted={line.pk: 2})

    line.refresh_from_db()
    case = Case.objects.get(pk=case.pk)
    assert (line.received, receipt.counted, case.status) == (2, {str(line.pk): 2}, "received")
    assert case.inspections.get().concluded_at is None
    assert line.history.first().history_user == inspector


@pytest.mark.parametrize(
    ("units", "sentence"), [(0, "Enter how many items arrived"), (-1, "from 0 to 10000"), (10_001, "from 0 to 10000")]
)
def test_a_wrong_count_is_refused_and_the_case_stays(units: int, sentence: str) -> None:
    case = authorised(quantity=2)
    with pytest.raises(CountRefused, match=sentence):
        receive(case, by=None, counted={case.lines.get().pk: units})
    assert Case.objects.get(pk=case.pk).status == "authorised"


def test_goods_of_another_case_are_refused() -> None:
    case, other = authorised(), authorised()
    with pytest.raises(CountRefused, match="isn't part of this case"):
        receive(case, by=None, counted={other.lines.get().pk: 1})


def test_receiving_twice_is_refused() -> None:
    case = authorised()
    receive(case, by=None, counted={case.lines.get().pk: 1})
    with pytest.raises(TransitionNotAllowed, match="Its status is now “awaiting inspection”"):
        receive(case, by=None, counted={case.lines.get().pk: 1})


@pytest.mark.parametrize(
    ("verdict", "disposition", "accepted"),
    [
        ("as_claimed", "scrap", 2),
        ("no_fault_found", "restock", 2),
        ("no_fault_found", "send_back", 0),
        ("not_ours", "send_back", 0),
        ("not_ours", "scrap", 0),
    ],
)
def test_a_verdict_says_what_is_accepted(verdict: str, disposition: str, accepted: int) -> None:
    case = authorised(order=OrderFactory(), quantity=2)
    line = case.lines.get()
    receive(case, by=None, counted={line.pk: 2})

    inspection = conclude(case, by=None, findings=[FindingDraft(line, verdict, disposition, "A")])

    line.refresh_from_db()
    assert (line.accepted, Case.objects.get(pk=case.pk).status) == (accepted, "inspected")
    assert [(found.verdict, found.quantity) for found in inspection.findings.all()] == [(verdict, 2)]


@pytest.mark.parametrize("quantities", [(1, 2), (1, None), (3, -1), (2, 0), (1,)])
def test_verdicts_that_do_not_cover_each_unit_once_are_refused(quantities: tuple[int | None, ...]) -> None:
    case = authorised(order=OrderFactory(), quantity=2)
    line = case.lines.get()
    receive(case, by=None, counted={line.pk: 2})
    drafts = [FindingDraft(line, "as_claimed", "scrap", quantity=quantity) for quantity in quantities]
    with pytest.raises(CountRefused, match="Give each unit one verdict"):
        conclude(case, by=None, findings=drafts)
    assert (Case.objects.get(pk=case.pk).status, Finding.objects.count()) == ("received", 0)


def test_units_that_go_back_to_the_shopper_are_not_accepted() -> None:
    case = authorised(order=OrderFactory(), quantity=3)
    line = case.lines.get()
    receive(case, by=None, counted={line.pk: 3})
    kept = FindingDraft(line, "as_claimed", "scrap", quantity=1)
    conclude(case, by=None, findings=[kept, FindingDraft(line, "no_fault_found", "send_back", quantity=2)])
    line.refresh_from_db()
    assert line.accepted == 1


def test_the_database_keeps_no_finding_about_nothing() -> None:
    with pytest.raises(IntegrityError, match="finding_quantity_positive"), transaction.atomic():
        FindingFactory(quantity=0)


def test_a_line_without_a_verdict_is_refused() -> None:
    case = authorised()
    receive(case, by=None, counted={case.lines.get().pk: 1})
    with pytest.raises(CountRefused, match="each item received"):
        conclude(case, by=None, findings=[])
    assert Case.objects.get(pk=case.pk).status == "received"


def test_an_appraisal_hands_the_case_back_to_the_review() -> None:
    case = move(make_case(), Case.send_to_appraisal, by=None)
    appraisal = appraise(case, by=UserFactory(role="inspector"), verdict="defective", words="The seam is torn.")
    assert (appraisal.case_id, Case.objects.get(pk=case.pk).status) == (case.pk, "submitted")
