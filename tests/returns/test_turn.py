"""Whose turn it is: the owner over a case's life, assigning, absences, watchers, presence, the queue's tabs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from returns.lifecycle.actions import move
from returns.logbook.timeline import timeline_of
from returns.logbook.verify import Verification
from returns.logbook.writer import history_digest
from returns.models import Case, CaseWatcher, Presence, Statement
from returns.review.assignment import CannotAssign, assign, hand_back, take, undo_assignment
from returns.teamwork.actions import be_present, forget_presence, hand_over, watch
from signoff.db.digests import columns_of, digest
from signoff.models import StaffProfile, Team
from tests.factories import UserFactory, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei() -> User:
    return UserFactory(role="agent")


@pytest.fixture
def jon() -> User:
    return UserFactory(role="agent", first_name="Jon", last_name="Lind")


def make_team(name: str, *members: User, active: bool = True) -> Team:
    team = Team.objects.create(name=name, active=active)
    team.members.set(members)
    return team


def make_absent(user: User, *, stand_in: User | None = None) -> StaffProfile:
    today = timezone.localdate()
    return StaffProfile.objects.create(user=user, absent_from=today, absent_until=today, stand_in=stand_in)


def owner_after(case: Case, *steps: tuple[Any, User | None]) -> User | None:
    for step, by in steps:
        case = move(case, step, by=by)
    return Case.objects.get(pk=case.pk).owner


def test_a_reviewers_step_makes_the_case_theirs(mei: User) -> None:
    assert owner_after(make_case(), (Case.request_information, mei)) == mei


def test_a_reviewers_step_takes_a_colleagues_case_over(mei: User, jon: User) -> None:
    assert owner_after(take(make_case(), by=jon), (Case.request_information, mei)) == mei


def test_an_answer_comes_back_to_the_owner(mei: User) -> None:
    case = make_case()
    assert owner_after(case, (Case.request_information, mei), (Case.supply_information, case.customer)) == mei


def test_approvers_and_inspectors_leave_the_case_to_its_owner(mei: User) -> None:
    manager, inspector = UserFactory(role="manager"), UserFactory(role="inspector")
    steps = [(Case.send_to_appraisal, mei), (Case.record_appraisal, inspector), (Case.propose, mei)]
    steps += [(Case.authorise, manager), (Case.receive, inspector), (Case.inspect, inspector)]
    assert owner_after(make_case(), *steps) == mei
    assert owner_after(make_case(), (Case.propose, mei), (Case.send_back, manager)) == mei


def test_nobody_owns_what_only_others_have_worked_on() -> None:
    assert owner_after(make_case(), (Case.propose, None), (Case.reject, UserFactory(role="manager"))) is None


def test_an_appeal_comes_back_to_who_rejected(mei: User) -> None:
    case = make_case()
    assert owner_after(case, (Case.reject, mei), (Case.appeal, case.customer)) == mei


def test_the_stand_in_gets_what_comes_back_during_an_absence(mei: User, jon: User) -> None:
    case = move(make_case(), Case.request_information, by=mei)
    make_absent(mei, stand_in=jon)
    assert owner_after(case, (Case.supply_information, case.customer)) == jon
    log = [(entry.verb, entry.facts) for entry in case.log.all()][-2:]
    assert log == [("pass_on", {"away": mei.pk, "colleague": jon.pk}), ("supply_information", {})]
    assert timeline_of(case, audience="desk")[1].title == "Mei Sato is away; Jon Lind stands in"
    assert "Jon" not in str(timeline_of(case, audience="shopper"))


def test_without_a_stand_in_the_case_is_unassigned_and_says_so(mei: User) -> None:
    case = move(make_case(), Case.request_information, by=mei)
    make_absent(mei)
    assert owner_after(case, (Case.supply_information, case.customer)) is None
    title = timeline_of(case, audience="desk")[1].title
    assert title == "Mei Sato is away without a stand-in; the case is unassigned"


def test_an_absence_moves_nothing_while_the_case_waits_for_others(mei: User, jon: User) -> None:
    case = move(make_case(), Case.propose, by=mei)
    make_absent(mei, stand_in=jon)
    assert owner_after(case, (Case.authorise, UserFactory(role="manager"))) == mei


def test_a_case_is_assigned_with_words_that_are_in_no_logbook(mei: User, jon: User) -> None:
    case = assign(make_case(), to=jon, by=mei, words="  She speaks French. ")
    entry, said = case.log.last(), case.statements.get()
    assert (case.owner, entry.verb, entry.facts, entry.reason) == (jon, "assign", {"colleague": jon.pk}, "")
    assert (said.topic, said.words, said.by, said.seq) == (Statement.Topic.NOTE, "She speaks French.", mei, case.seq)
    assert timeline_of(case, audience="desk")[0].title == "Assigned to Jon Lind"
    assert list(Verification().faults()) == []


def test_a_team_gets_a_case_without_an_owner_and_keeps_it_when_a_member_takes_it(mei: User, jon: User) -> None:
    team = make_team("Harbour Lane", jon)
    case = assign(take(make_case(), by=mei), to=team, by=mei)
    assert (case.owner, case.team) == (None, team)
    assert timeline_of(case, audience="desk")[0].title == "Assigned to the team Harbour Lane"
    case = hand_back(take(case, by=jon), by=jon)
    assert case.team == team
    assert assign(case, to=jon, by=mei).team == team
    assert assign(case, to=mei, by=mei).team is None


def test_who_may_not_work_on_a_case_does_not_get_it(mei: User) -> None:
    inspector, gone = UserFactory(role="inspector"), UserFactory(role="agent", is_active=False)
    for other in (inspector, gone):
        with pytest.raises(CannotAssign, match="Mei Sato doesn't have permission to work on this case"):
            assign(make_case(), to=other, by=mei)
    with pytest.raises(CannotAssign, match="no longer active"):
        assign(make_case(), to=make_team("Old", active=False), by=mei)
    with pytest.raises(PermissionDenied):
        assign(make_case(), to=mei, by=inspector)


def test_a_finished_case_is_not_assigned(mei: User, jon: User) -> None:
    with pytest.raises(TransitionNotAllowed, match="is finished"):
        assign(move(make_case(), Case.reject, by=mei), to=jon, by=mei)


def test_an_assignment_from_an_old_page_is_refused(mei: User, jon: User) -> None:
    case = make_case()
    take(case, by=mei)
    with pytest.raises(TransitionNotAllowed, match="has moved on"):
        assign(case, to=jon, by=mei, seen=case.seq)


def test_an_assignment_is_undone_once_and_only_while_nothing_else_happened(mei: User, jon: User) -> None:
    team = make_team("Harbour Lane", mei)
    case = assign(assign(make_case(), to=team, by=mei), to=jon, by=mei)
    given = {"seq": case.seq, "owner": None, "team": team, "by": mei}
    case = undo_assignment(case, **given)
    assert (case.owner, case.team, case.log.last().verb) == (None, team, "undo_assignment")
    with pytest.raises(TransitionNotAllowed, match="has moved on"):
        undo_assignment(case, **given)


def test_handing_over_says_for_each_case_what_became_of_it(mei: User, jon: User) -> None:
    first, second, settling = (take(make_case(), by=mei) for _ in range(3))
    finance = UserFactory(role="finance")
    for step in (Case.propose, Case.settle):
        settling = move(settling, step, by=None)
    result = hand_over(to=jon, by=mei, absent_from=date(2026, 12, 24), absent_until=date(2026, 12, 26), words="Skiing")
    assert {row.case.number: row.problem for row in result.rows} == dict.fromkeys(
        [first.number, second.number, settling.number], ""
    )
    assert set(Case.objects.values_list("owner", flat=True)) == {jon.pk}
    profile = StaffProfile.objects.get(user=mei)
    assert (profile.stand_in, profile.absent_from, profile.history.get().history_user) == (jon, date(2026, 12, 24), mei)
    refused = hand_over(to=finance, by=jon, absent_from=None, absent_until=None)
    problems = {row.case.number: row.problem for row in refused.rows}
    assert problems[settling.number] == ""
    assert "doesn't have permission" in problems[first.number]
    assert Case.objects.get(pk=first.pk).owner == jon


def test_watching_twice_is_watching_once(mei: User) -> None:
    case = make_case()
    watch(case, by=mei)
    watch(case, by=mei)
    assert CaseWatcher.objects.count() == 1


def test_others_on_a_page_are_seen_until_they_have_left(mei: User, jon: User) -> None:
    case, now = make_case(), timezone.now()
    assert be_present(case, by=jon, now=now) == []
    assert [row.user for row in be_present(case, by=mei, now=now + timedelta(seconds=90))] == [jon]
    assert [row.since for row in be_present(case, by=mei, now=now + timedelta(seconds=110))] == [now]
    assert be_present(case, by=mei, now=now + timedelta(minutes=3)) == []
    assert forget_presence(now + timedelta(hours=1)) == 1
    assert not Presence.objects.exists()


def shown(client: Client, tab: str) -> set[str]:
    return {case.number for case in client.get("/desk/cases/", {"tab": tab}).context["page"].rows}


def test_tabs_tell_whose_turn_it_is(client: Client, mei: User, jon: User) -> None:
    client.force_login(mei)
    team, other_team = make_team("Harbour Lane", mei, jon), make_team("Night", jon)
    mine, waiting = take(make_case(), by=mei), move(make_case(), Case.request_information, by=mei)
    teams, taken = assign(make_case(), to=team, by=jon), assign(make_case(), to=team, by=jon)
    take(taken, by=jon)
    assign(make_case(), to=other_team, by=jon)
    free = make_case()
    expected = {
        "mine": {mine.number},
        "others": {waiting.number},
        "team": {teams.number, taken.number},
        "unassigned": {free.number},
    }
    assert {tab: shown(client, tab) for tab in expected} == expected
    counts = {tab.url: tab.count for tab in client.get("/desk/cases/").context["turns"]}
    assert counts == {f"?tab={tab}": str(len(numbers)) for tab, numbers in expected.items()}


@pytest.mark.parametrize("cases", [1, 3])
@pytest.mark.parametrize("tab", ["mine", "team", "others", "unassigned"])
def test_a_tab_asks_as_often_for_three_cases_as_for_one(
    client: Client, mei: User, cases: int, tab: str, django_assert_num_queries: Any
) -> None:
    client.force_login(mei)
    team = make_team("Harbour Lane", mei)
    for _ in range(cases):
        take(make_case(), by=mei)
        move(make_case(), Case.request_information, by=mei)
        assign(make_case(), to=team, by=mei)
        make_case()
    with django_assert_num_queries(9 if tab == "team" else 8):
        client.get("/desk/cases/", {"tab": tab})


def test_the_page_offers_colleagues_who_may_and_teams_and_can_be_undone(client: Client, mei: User, jon: User) -> None:
    UserFactory(role="inspector", username="ama")
    team = make_team("Harbour Lane", mei)
    make_team("Old", active=False)
    client.force_login(mei)
    case = make_case()
    page = client.get(f"{case.get_absolute_url()}assign/")
    offered = set(page.context["form"].receivers)
    assert {f"person:{jon.username}", "team:Harbour Lane"} <= offered
    assert not {"person:ama", "team:Old"} & offered
    sent = {"to": f"person:{jon.username}", "words": "Please.", "seen": case.seq}
    response = client.post(f"{case.get_absolute_url()}assign/", sent, follow=True)
    html = response.content.decode()
    assert f"Case {case.number} assigned to Jon Lind." in html
    token = html.split('name="token" value="')[1].split('"')[0]
    client.post("/desk/undo/", {"token": token})
    assert (Case.objects.get().owner, Case.objects.get().team) == (None, None)
    again = client.post("/desk/undo/", {"token": token}, follow=True).content.decode()
    assert "has moved on" in again
    assert team.members.get() == mei


def test_nobody_undoes_what_a_colleague_did(client: Client, mei: User, jon: User) -> None:
    client.force_login(mei)
    case = make_case()
    sent = {"to": f"person:{jon.username}", "seen": case.seq}
    html = client.post(f"{case.get_absolute_url()}assign/", sent, follow=True).content.decode()
    token = html.split('name="token" value="')[1].split('"')[0]
    client.force_login(jon)
    assert client.post("/desk/undo/", {"token": token}).status_code == 403
    assert client.post("/desk/undo/", {"token": "forged"}, follow=True).status_code == 200
    assert Case.objects.get().owner == jon


def test_the_case_page_shows_watching_and_who_else_is_here(client: Client, mei: User, jon: User) -> None:
    case = make_case()
    be_present(case, by=jon)
    client.force_login(mei)
    client.post(f"{case.get_absolute_url()}watch/")
    assert "Stop watching" in client.get(case.get_absolute_url()).content.decode()
    client.post(f"{case.get_absolute_url()}unwatch/")
    assert not CaseWatcher.objects.exists()
    assert "Jon Lind has been here since" in client.post(f"{case.get_absolute_url()}presence/").content.decode()


def test_handing_over_with_one_date_asks_for_the_other(client: Client, mei: User, jon: User) -> None:
    client.force_login(mei)
    case = take(make_case(), by=mei)
    sent = {"to": jon.username, "absent_from": "2026-12-24", "absent_until": ""}
    assert "Enter both days, or leave both empty." in client.post("/desk/cases/hand-over/", sent).content.decode()
    sent["absent_until"] = "2026-12-23"
    assert "The last day is before the first." in client.post("/desk/cases/hand-over/", sent).content.decode()
    sent["absent_until"] = "2026-12-26"
    assert "1 case handed over." in client.post("/desk/cases/hand-over/", sent).content.decode()
    assert Case.objects.get(pk=case.pk).owner == jon


def test_a_column_added_later_leaves_the_digest_of_older_rows_as_it_was(mei: User) -> None:
    row = make_case().history.get()
    older = digest(columns_of(row, without=frozenset({"history_id", "id", "team_id"})))
    assert history_digest(row) == older
    row.team_id = make_team("Harbour Lane", mei).pk
    assert history_digest(row) != older
