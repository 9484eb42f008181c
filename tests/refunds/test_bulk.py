"""Bulk steps: choose, confirm once, each row by itself, and what became of each."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from refunds.approvals.actions import approve
from refunds.finance.bulk import amount_of
from refunds.models import Refund, Replacement
from refunds.payouts import worker
from refunds.payouts.gateways.base import Waiting
from returns.models import Case, Statement
from signoff.bulk import actions
from signoff.bulk.registry import Candidate, find_bulk_action
from signoff.models import BulkItem, BulkRun
from tests.factories import UserFactory, make_case
from tests.factories.settlements import make_refund, make_settled_case
from tests.steps.bulk import APPROVALS, CASES, chosen, confirm, outcomes
from tests.steps.plans import make_tier, propose_plan

pytestmark = pytest.mark.django_db
Outcome = BulkItem.Outcome


@pytest.fixture
def agent(client: Client) -> User:
    user = UserFactory(role="agent")
    client.force_login(user)
    return user


@pytest.fixture
def boss(client: Client) -> User:
    user = UserFactory(role="manager", first_name="Nia")
    client.force_login(user)
    return user


@pytest.fixture
def finance(client: Client) -> User:
    user = UserFactory(role="finance")
    client.force_login(user)
    return user


def planned(*, by: User | None = None) -> Case:
    return propose_plan(make_case(quantity=2), by=by or UserFactory(role="agent"))


def status_of(*cases: Case) -> list[str]:
    return [Case.objects.get(pk=case.pk).status for case in cases]


def test_many_plans_are_approved_with_the_total_of_each_currency_before(client: Client, boss: User) -> None:
    cases = [planned(), planned()]
    run = chosen(client, APPROVALS, "approve", *cases)
    page = client.get(f"/desk/bulk/run/{run.token}/").content.decode()
    assert "2 plans are approved and carried out; offers go to the shoppers." in page
    assert "<dt>€80.00</dt><dd>2 cases</dd>" in page
    assert status_of(*cases) == ["awaiting_approval"] * 2
    confirm(client, run)
    assert [outcome for outcome, _said in outcomes(run)] == [Outcome.DONE, Outcome.DONE]
    assert "awaiting_approval" not in status_of(*cases)


def test_what_cannot_be_taken_along_is_left_out_with_why_and_who_may(client: Client, boss: User) -> None:
    """An own plan, one that two people must approve, one that is decided, and a number that no case has."""
    boss.groups.add(*UserFactory(role="agent").groups.all())
    own, good = planned(by=boss), planned()
    decided, two = planned(), propose_plan(make_case(quantity=3), by=UserFactory(role="agent"))
    make_tier(good, above="0", approvers=1)
    make_tier(good, above="50", approvers=2)
    approve(decided, by=UserFactory(role="manager"))
    colleague = UserFactory(role="manager", first_name="Priya", last_name="Nair")
    User.objects.exclude(pk__in=[boss.pk, colleague.pk]).update(is_active=False)
    run = chosen(client, APPROVALS, "approve", own, good, two, decided)
    run.items.create(position=9, ref="R-1", label="R-1")
    assert outcomes(run)[:4] == [
        (Outcome.LEFT_OUT, "Left out: you proposed this plan. Priya Nair may decide it."),
        (Outcome.PENDING, ""),
        (Outcome.LEFT_OUT, "Left out: this amount needs 2 people. Open it and approve it by itself."),
        (Outcome.LEFT_OUT, "This plan doesn't wait for approval any more."),
    ]
    confirm(client, run)
    assert status_of(own, two) == ["awaiting_approval"] * 2


def test_a_case_that_moved_meanwhile_is_told_and_the_others_go_on(client: Client, boss: User) -> None:
    moved, good = planned(), planned()
    run = chosen(client, APPROVALS, "approve", moved, good)
    approve(moved, by=UserFactory(role="manager"))
    page = confirm(client, run)
    (first, said), (second, _said) = outcomes(run)
    assert (first, second) == (Outcome.MOVED, Outcome.DONE)
    assert f"Case {moved.number} has changed in the meantime." in said
    assert "Changed meanwhile" in page


def test_a_second_submission_does_nothing_twice(client: Client, agent: User) -> None:
    case = make_case()
    run = chosen(client, CASES, "ask", case)
    confirm(client, run, question="Which colour?")
    page = confirm(client, run, question="Which size?")
    assert "Nothing was done twice" in page
    assert [statement.words for statement in Statement.objects.filter(case=case)] == ["Which colour?"]
    assert actions.confirm(run, by=agent, values={"question": "Which size?"}) is False


def test_without_the_guard_the_second_submission_would_run_again(client: Client, agent: User) -> None:
    """The negative control: put the state back, and the run is confirmed a second time; its rows still do nothing."""
    case = make_case()
    run = chosen(client, CASES, "ask", case)
    confirm(client, run, question="Which colour?")
    BulkRun.objects.filter(pk=run.pk).update(state="draft")
    assert actions.confirm(run, by=agent, values={"question": "Which size?"}) is True
    assert Statement.objects.filter(case=case).count() == 1
    BulkRun.objects.filter(pk=run.pk).update(state="draft")
    run.items.update(outcome=Outcome.PENDING, seen=None)
    actions.confirm(run, by=agent, values={"question": "Which size?"})
    assert Statement.objects.filter(case=case).count() == 1  # the state machine is the last guard
    assert outcomes(run)[0][0] == Outcome.MOVED


def test_more_rows_than_fifty_are_left_to_a_worker(client: Client, agent: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    cases = [make_case(), make_case()]
    run = chosen(client, CASES, "take", *cases)
    page = confirm(client, run)
    assert "0 of 2 rows" in page
    part = client.get(f"/desk/bulk/run/{run.token}/", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section class="card narrow-form" id="progress"')
    assert actions.run_waiting() == 1
    run.refresh_from_db()
    assert (run.state, run.values) == ("done", {})
    assert {case.owner for case in Case.objects.all()} == {agent}
    assert client.get(f"/desk/bulk/run/{run.token}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_run_whose_worker_died_is_gone_on_with_and_given_up_at_last(client: Client, agent: User) -> None:
    run = chosen(client, CASES, "take", make_case(), make_case())
    run.items.filter(position=1).update(outcome=Outcome.DONE)
    long_ago = timezone.now() - 2 * actions.LEASE
    BulkRun.objects.filter(pk=run.pk).update(state="running", heard_at=long_ago, tries=1)
    assert actions.run_waiting() == 1
    assert [outcome for outcome, _said in outcomes(run)] == [Outcome.DONE, Outcome.DONE]
    BulkRun.objects.filter(pk=run.pk).update(state="running", heard_at=long_ago, tries=actions.MAX_TRIES)
    actions.run_waiting()
    run.refresh_from_db()
    assert run.state == "failed"


def test_who_loses_the_right_meanwhile_does_nothing_more(client: Client, agent: User) -> None:
    case = make_case()
    run = chosen(client, CASES, "take", case)
    agent.groups.clear()
    actions.confirm(run, by=agent, values={})
    assert outcomes(run) == [(Outcome.REFUSED, "You don't have permission for this step. Ask a colleague who has.")]
    assert Case.objects.get(pk=case.pk).owner is None


def test_all_that_match_are_chosen_by_the_address_of_the_list(client: Client, agent: User, settings: Any) -> None:
    settings.PAGE_SIZE = 2
    cases = [make_case() for _place in range(4)]
    actions_of = {"action": "take", "all": "1", "query": "status=submitted&sort=-number&page=x"}
    for address in ("", "?tab=unassigned", "?owner=none", "?q=lantern"):
        assert "Choose all 4 that match" in client.get(f"/desk/cases/{address}").content.decode(), address
    response = client.post(CASES, actions_of)
    run = BulkRun.objects.get(token=response.url.split("/")[-2])
    in_order = [item.ref for item in run.items.order_by("position")]
    assert in_order == sorted((case.number for case in cases), reverse=True)


def test_one_row_too_many_is_refused_in_one_sentence_and_nothing_is_drafted(
    client: Client, agent: User, monkeypatch: Any
) -> None:
    take = find_bulk_action("cases", "take")
    assert take
    with pytest.raises(actions.BulkRefused, match="a bulk step takes at most 1,000"):
        actions.draft(take, [Candidate(str(place), str(place)) for place in range(1001)], by=agent)
    monkeypatch.setattr("signoff.bulk.views.MOST", 1)
    make_case(), make_case()
    page = client.post(CASES, {"action": "take", "query": "tab=open", "all": "1"}, follow=True)
    assert "Narrow the list with a filter first." in page.content.decode()
    assert page.request["QUERY_STRING"] == "tab=open"
    assert BulkRun.objects.count() == 0


def test_nothing_chosen_is_told(client: Client, agent: User) -> None:
    page = client.post(CASES, {"action": "take", "query": "tab=open"}, follow=True)
    assert "Choose at least one row first." in page.content.decode()
    assert page.request["QUERY_STRING"] == "tab=open"


def test_a_question_without_words_is_asked_for_again(client: Client, agent: User) -> None:
    run = chosen(client, CASES, "ask", make_case())
    response = client.post(f"/desk/bulk/run/{run.token}/confirm/", {"question": " "})
    assert (response.status_code, "Enter your question." in response.content.decode()) == (422, True)
    assert outcomes(run) == [(Outcome.PENDING, "")]


def test_a_run_is_its_authors_alone_and_needs_the_right(client: Client, agent: User) -> None:
    run = chosen(client, CASES, "take", make_case())
    client.force_login(UserFactory(role="manager"))
    assert client.get(f"/desk/bulk/run/{run.token}/").status_code == 404
    assert client.post(f"/desk/bulk/run/{run.token}/confirm/").status_code == 404
    client.force_login(UserFactory(role="finance"))
    assert client.post(CASES, {"action": "take"}).status_code == 403
    assert client.post(APPROVALS, {"action": "approve"}).status_code == 403
    client.force_login(agent)
    assert client.post(CASES, {"action": "invented"}).status_code == 404
    assert client.post("/desk/bulk/invented/", {"action": "take"}).status_code == 404


def waiting() -> Refund:
    refund = make_refund(gateway="manual")
    return worker.settle(worker.claim(timezone.now(), only=refund), Waiting())


def pasted(client: Client, address: str, text: str) -> BulkRun:
    response = client.post(address, {"pasted": text})
    return BulkRun.objects.get(token=response.url.split("/")[-2])


def test_transfers_are_confirmed_from_a_pasted_list_and_each_line_is_told(client: Client, finance: User) -> None:
    first, second, third = waiting(), waiting(), waiting()
    lines = [
        "Case;Reference;Amount",
        f"{first.case.number};BANK-1;20,00",
        f"{second.case.number};BANK-2;€ 21.00",
        "R-999999-9;BANK-3;20.00",
        f"{third.case.number};BANK-1;20.00",
        f"{third.case.number};;20.00",
        f"{third.case.number};BANK-4;twenty",
        "nothing;BANK-5",
    ]
    run = pasted(client, "/desk/bulk/refunds/paid/", "\n".join(lines))
    assert outcomes(run) == [
        (Outcome.PENDING, ""),
        (Outcome.LEFT_OUT, "The amount differs: €20.00 waits for this case. Look into it before you confirm."),
        (Outcome.LEFT_OUT, "No bank transfer waits for this case. Check the number."),
        (Outcome.LEFT_OUT, "This reference is in the list twice. The first line counts."),
        (Outcome.LEFT_OUT, "The bank's reference is missing. Write: case number, bank reference, amount."),
        (Outcome.LEFT_OUT, "“twenty” is not an amount. Write it like 12.50."),
        (Outcome.LEFT_OUT, "No case number at the beginning of the line. Write: case number, bank reference, amount."),
    ]
    confirm(client, run)
    first.refresh_from_db()
    assert (first.status, first.provider_reference) == ("paid", "BANK-1")
    assert Refund.objects.filter(status="paid").count() == 1


def test_a_reference_that_is_taken_is_told_and_nothing_is_booked_twice(client: Client, finance: User) -> None:
    first, second = waiting(), waiting()
    confirm(client, pasted(client, "/desk/bulk/refunds/paid/", f"{first.case.number}\tBANK-1"))
    run = pasted(client, "/desk/bulk/refunds/paid/", f"{second.case.number}\tBANK-1")
    confirm(client, run)
    assert outcomes(run)[0][0] == Outcome.REFUSED
    assert Refund.objects.get(pk=second.pk).status == "sending"


def test_shipments_are_marked_as_sent_from_a_pasted_list(client: Client, agent: User) -> None:
    case = make_settled_case(gross="0", remedy="exchange")
    lines = [f"{case.number}, DHL, JJD1", f"{case.number}, DHL, JJD2", "R-999999-9, DHL, JJD3", f"{case.number}"]
    run = pasted(client, "/desk/bulk/shipments/sent/", "\n".join(lines))
    assert [outcome for outcome, _said in outcomes(run)] == ["pending", "left_out", "left_out", "left_out"]
    confirm(client, run)
    parcel = Replacement.objects.get(case=case).parcel
    assert parcel
    assert (parcel.carrier, parcel.tracking_number) == ("DHL", "JJD1")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"pasted": " \n "}, "Paste the list, or choose a file."), ({"pasted": ""}, "Paste the list, or choose a file.")],
)
def test_an_empty_list_is_asked_for_again(client: Client, finance: User, data: dict[str, str], sentence: str) -> None:
    response = client.post("/desk/bulk/refunds/paid/", data)
    assert (response.status_code, sentence in response.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.50", "12.50"),
        ("12,50", "12.50"),
        ("1.234,50", "1234.50"),
        ("1,234", "1234"),
        ("€ 20", "20"),
        ("-7.00", "7.00"),
        ("", None),
        ("twenty", None),
        ("1.2.3-4", None),
    ],
)
def test_amounts_of_a_banks_list_are_read_with_either_mark(text: str, amount: str | None) -> None:
    assert amount_of(text) == (None if amount is None else Decimal(amount))


def test_old_runs_are_forgotten(client: Client, agent: User) -> None:
    kept, dropped = chosen(client, CASES, "take", make_case()), chosen(client, CASES, "take", make_case())
    BulkRun.objects.filter(pk=dropped.pk).update(created_at=timezone.now() - timedelta(days=2))
    actions.forget_old()
    assert list(BulkRun.objects.all()) == [kept]
