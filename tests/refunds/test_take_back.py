"""An agent takes back an own plan while nobody has decided."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django_fsm import TransitionNotAllowed

from refunds.approvals.actions import approve, send_back
from refunds.models import Resolution
from refunds.plans.actions import accept_offer, take_back
from refunds.pricing.queries import plan_in_force
from refunds.pricing.rules import PlanRefused
from returns.logbook.timeline import timeline_of
from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.refunds.test_plan import authorised
from tests.steps.plans import draft_items, inspect_case, make_tier, offer_plan, propose_offer, propose_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei() -> User:
    return UserFactory(role="agent")


def proposed(by: User) -> Case:
    return propose_plan(make_case(), by=by)


def test_the_plan_is_gone_and_the_case_is_the_authors_again(mei: User) -> None:
    case = proposed(mei)
    plan = plan_in_force(case)
    case = take_back(case, by=mei, seen=case.seq)
    entry = case.log.last()
    assert plan is not None
    assert (case.status, case.owner, plan_in_force(case)) == ("submitted", mei, None)
    assert (entry.verb, entry.facts) == ("take_back", {"resolution": plan.pk})
    assert Resolution.objects.get().superseded_at is not None
    assert timeline_of(case, audience="desk")[0].title == "Plan recalled by its author"
    assert "recalled" not in str(timeline_of(case, audience="shopper"))
    assert propose_plan(case, by=mei).status == "awaiting_approval"


def test_a_plan_about_received_goods_goes_back_to_the_bench(mei: User) -> None:
    case = inspect_case(authorised(make_case(quantity=2)), disposition="send_back")
    make_tier(case, "1", 1)
    items = draft_items(case, remedy="compensation", amount=Decimal("3"))
    case = take_back(propose_plan(case, by=mei, items=items), by=mei)
    assert (case.status, case.log.last().verb) == ("inspected", "take_back_to_bench")


def test_a_colleagues_plan_is_not_taken_back(mei: User) -> None:
    case = proposed(mei)
    with pytest.raises(PlanRefused, match="A colleague made this plan"):
        take_back(case, by=UserFactory(role="manager"))
    with pytest.raises(PermissionDenied):
        take_back(case, by=UserFactory(role="finance"))
    assert Case.objects.get().status == "awaiting_approval"


def test_a_plan_that_somebody_has_approved_is_not_taken_back(mei: User) -> None:
    case = make_case()
    make_tier(case, "0", 2)
    case = approve(propose_plan(case, by=mei), by=UserFactory(role="manager"))
    with pytest.raises(PlanRefused, match="has already approved this plan"):
        take_back(case, by=mei)


def test_an_offer_is_taken_back_until_it_is_approved(mei: User) -> None:
    case = take_back(propose_offer(make_case(), by=mei), by=mei)
    assert (case.status, case.statements.count()) == ("submitted", 0)


def test_an_offer_that_the_shopper_has_binds(mei: User) -> None:
    case = offer_plan(make_case(), by=mei)
    for _answer in range(2):
        with pytest.raises(TransitionNotAllowed):
            take_back(case, by=mei)
        with pytest.raises(TransitionNotAllowed):
            send_back(case, by=UserFactory(role="manager"), note="Too much.")
        case = accept_offer(case, by=case.customer) if case.status == "offered" else case


def test_from_an_old_page_or_twice_it_is_refused(mei: User) -> None:
    case = proposed(mei)
    with pytest.raises(TransitionNotAllowed, match="has moved on"):
        take_back(case, by=mei, seen=case.seq - 1)
    take_back(case, by=mei, seen=case.seq)
    with pytest.raises(TransitionNotAllowed, match="has moved on"):
        take_back(case, by=mei, seen=case.seq)


def test_only_the_author_is_offered_it_and_is_asked_once(client: Client, mei: User) -> None:
    case = proposed(mei)
    client.force_login(UserFactory(role="agent"))
    assert "Recall plan" not in client.get(case.get_absolute_url()).content.decode()
    client.force_login(mei)
    assert f"{case.get_absolute_url()}take_back/" in client.get(case.get_absolute_url()).content.decode()
    page = client.get(f"{case.get_absolute_url()}take_back/").content.decode()
    assert "The approvers will no longer see this plan" in page
    client.post(f"{case.get_absolute_url()}take_back/", {"seen": case.seq})
    assert Case.objects.get().status == "submitted"


def test_a_colleague_who_opens_the_page_reads_why_not(client: Client, mei: User) -> None:
    case = proposed(mei)
    client.force_login(UserFactory(role="agent"))
    html = client.get(f"{case.get_absolute_url()}take_back/", follow=True).content.decode()
    assert "Only they can recall it" in html
