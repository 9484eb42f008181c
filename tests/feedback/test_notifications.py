"""Notifications to staff: who gets which, once each, and the daily mail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from feedback.models import Digest, Notification
from feedback.notifications.actions import (
    forget_old,
    mark_all_read,
    notify,
    notify_about,
    notify_answered,
    notify_mentioned,
    notify_overdue,
    read_logbook,
)
from feedback.notifications.digest import send_digests
from returns.lifecycle.actions import move
from returns.models import Case
from returns.review.assignment import assign, take
from returns.teamwork.actions import be_present, watch
from signoff.models import StaffProfile, Team
from tests.factories import UserFactory, make_case
from tests.steps.logbook import note

pytestmark = pytest.mark.django_db
Kind = Notification.Kind


@pytest.fixture
def mei() -> User:
    return UserFactory(role="agent")


@pytest.fixture
def jon() -> User:
    return UserFactory(role="agent", first_name="Jon", last_name="Lind")


def told(case: Case) -> set[tuple[str, str]]:
    """Kind and username of every notification about the entries of ``case``, of a reading done twice."""
    for entry in [*case.log.all(), *case.log.all()]:
        notify_about(entry, now=timezone.now())
    return set(Notification.objects.values_list("kind", "user__username"))


def test_owner_and_watchers_know_of_an_answer_and_each_once(mei: User, jon: User) -> None:
    case = move(make_case(), Case.request_information, by=mei)
    watch(case, by=jon)
    move(case, Case.supply_information, by=case.customer)
    assert told(case) == {("answered", mei.username), ("answered", jon.username)}
    assert Notification.objects.count() == 2


def test_negative_control_without_the_constraint_they_would_be_told_twice(mei: User) -> None:
    case = move(make_case(), Case.request_information, by=mei)
    case = move(case, Case.supply_information, by=case.customer)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_notification DROP CONSTRAINT one_notification_per_event")
        told(case)
        assert Notification.objects.count() == 2
        transaction.set_rollback(True)


def test_nobody_is_notified_of_what_they_did_themselves(mei: User) -> None:
    case = assign(make_case(), to=mei, by=mei)
    move(move(case, Case.request_information, by=mei), Case.supply_information, by=mei)
    assert told(case) == set()


def test_who_is_assigned_a_case_knows_and_so_do_the_members_of_a_team(mei: User, jon: User) -> None:
    team = Team.objects.create(name="Harbour Lane")
    team.members.set([mei, jon, UserFactory(is_active=False)])
    assert told(assign(make_case(), to=jon, by=mei)) == {("assigned", jon.username)}
    Notification.objects.all().delete()
    assert told(assign(make_case(), to=team, by=mei)) == {("assigned", jon.username)}


def test_the_stand_in_knows_of_a_case_that_was_passed_on(mei: User, jon: User) -> None:
    case, today = move(make_case(), Case.request_information, by=mei), timezone.localdate()
    StaffProfile.objects.create(user=mei, absent_from=today, absent_until=today, stand_in=jon)
    case = move(case, Case.supply_information, by=case.customer)
    assert ("assigned", jon.username) in told(case)


def test_the_owner_knows_that_a_plan_came_back(mei: User) -> None:
    case = move(make_case(), Case.propose, by=mei)
    assert told(move(case, Case.send_back, by=UserFactory(role="manager"))) == {("sent_back", mei.username)}


def test_finance_and_the_owner_know_of_a_payout_that_failed(mei: User) -> None:
    rosa, case = UserFactory(role="finance"), take(make_case(), by=mei)
    note(case, "refund_failed", by=None, amount="1.00", currency="GBP")
    assert told(case) == {("payout_failed", mei.username), ("payout_failed", rosa.username)}


def test_a_kind_that_is_switched_off_is_not_made(mei: User, jon: User) -> None:
    StaffProfile.objects.create(user=jon, muted=["assigned"])
    assert told(assign(make_case(), to=jon, by=mei)) == set()


def test_old_entries_and_imported_cases_are_no_news(mei: User, jon: User) -> None:
    assign(make_case(), to=jon, by=mei, now=timezone.now() - timedelta(days=8))
    assign(make_case(channel=Case.Channel.IMPORT), to=jon, by=mei)
    assert [told(case) for case in Case.objects.all()] == [set(), set()]


def test_what_was_finished_before_the_reader_came_is_no_news(mei: User) -> None:
    case = move(make_case(), Case.request_information, by=mei)
    case = move(case, Case.supply_information, by=case.customer)
    assert told(move(case, Case.reject, by=mei)) == set()


def test_an_overdue_case_is_told_once_for_each_deadline(mei: User) -> None:
    now = timezone.now()
    take(make_case(now=now - timedelta(hours=30)), by=mei)
    make_case(now=now - timedelta(hours=30))  # of nobody
    assert [notify_overdue(now), notify_overdue(now + timedelta(minutes=1))] == [1, 0]
    case = Case.objects.get(owner=mei)
    move(move(case, Case.propose, by=None, now=now), Case.send_back, by=None, now=now)
    Case.objects.filter(pk=case.pk).update(due_at=now + timedelta(hours=1))
    assert notify_overdue(now + timedelta(hours=2)) == 1


def test_mentions_and_messages_have_functions_of_their_own(mei: User, jon: User) -> None:
    case = take(make_case(), by=jon)
    assert notify_mentioned(case, [mei, jon], key=f"{case.number}/note/1", by=mei) == 1
    assert notify_mentioned(case, [mei, jon], key=f"{case.number}/note/1", by=mei) == 0
    assert notify_answered(case, key=f"{case.number}/message/1") == 1
    rows = Notification.objects.order_by("pk").values_list("kind", "user__username", "by")
    assert list(rows) == [("mentioned", jon.username, mei.pk), ("answered", jon.username, None)]


@pytest.mark.django_db(transaction=True)
def test_the_reader_keeps_its_own_place_in_the_logbook(mei: User, jon: User) -> None:
    assign(make_case(), to=jon, by=mei)
    assert [read_logbook(), read_logbook()] == [2, 0]
    assert Notification.objects.get().user == jon


def test_the_bell_counts_what_is_unread_without_another_query(
    client: Client, mei: User, jon: User, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        notify(Kind.ALARM, [jon.pk], key=str(number), now=timezone.now())
    client.force_login(jon)
    with django_assert_num_queries(2):  # session, user
        html = client.get("/desk/notifications/bell/").content.decode()
    assert "3 unread notifications" in html
    assert 'href="/desk/notifications/"' in html


def test_opening_a_notification_leads_to_the_case_and_marks_it_read(client: Client, mei: User, jon: User) -> None:
    case = assign(make_case(), to=jon, by=mei)
    told(case)
    client.force_login(jon)
    assert "Mei Sato assigned this case to you or your team." in client.get("/desk/notifications/").content.decode()
    row = Notification.objects.get()
    assert client.post(f"/desk/notifications/{row.token}/").url == case.get_absolute_url()
    assert Notification.objects.unread().count() == 0
    assert case.number not in client.get("/desk/notifications/").content.decode()
    assert case.number in client.get("/desk/notifications/?show=all").content.decode()


def test_nobody_opens_or_reads_the_notification_of_another(client: Client, mei: User, jon: User) -> None:
    told(assign(make_case(), to=jon, by=mei))
    client.force_login(mei)
    assert client.post(f"/desk/notifications/{Notification.objects.get().token}/").status_code == 404
    client.post("/desk/notifications/read/")
    assert Notification.objects.unread().count() == 1


def test_looking_at_a_case_reads_what_is_about_it(mei: User, jon: User) -> None:
    case, other = (assign(make_case(), to=jon, by=mei) for _ in range(2))
    told(case)
    told(other)
    be_present(case, by=jon)
    assert [row.case for row in Notification.objects.unread()] == [other]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_notifications_as_for_one(
    client: Client, jon: User, rows: int, django_assert_num_queries: Any
) -> None:
    case = make_case()
    for number in range(rows):
        notify(Kind.ANSWERED, [jon.pk], key=str(number), case=case, now=timezone.now())
    client.force_login(jon)
    with django_assert_num_queries(4):
        client.get("/desk/notifications/")


def test_what_was_read_long_ago_is_deleted(jon: User) -> None:
    now = timezone.now()
    notify(Kind.ALARM, [jon.pk], key="1", now=now)
    mark_all_read(jon, now=now)
    assert [forget_old(now + timedelta(days=89)), forget_old(now + timedelta(days=91))] == [0, 1]


SEVEN, EIGHT = datetime(2026, 11, 2, 7, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_the_daily_mail_comes_once_at_eight_of_the_persons_own_zone(mei: User, jon: User) -> None:
    StaffProfile.objects.create(user=jon, time_zone="Asia/Shanghai", language="zh-hans")
    case = make_case()
    for person in (mei, jon):
        notify(Kind.ANSWERED, [person.pk], key="1", case=case, now=datetime(2026, 11, 1, 20, tzinfo=UTC))
    assert send_digests(datetime(2026, 11, 1, 23, 59, tzinfo=UTC)) == 0
    assert send_digests(datetime(2026, 11, 2, 0, 0, tzinfo=UTC)) == 1  # eight in Shanghai
    assert [send_digests(SEVEN), send_digests(EIGHT), send_digests(EIGHT + timedelta(hours=3))] == [0, 1, 0]
    assert [letter.to for letter in mail.outbox] == [[jon.email], [mei.email]]
    assert mail.outbox[1].subject == "1 unread notification"
    assert f"{case.number}: The shopper has answered." in mail.outbox[1].body
    assert mail.outbox[0].subject != mail.outbox[1].subject


def test_news_after_eight_waits_for_the_next_morning_and_is_named_once(mei: User) -> None:
    notify(Kind.ALARM, [mei.pk], key="1", now=EIGHT + timedelta(hours=1))
    assert send_digests(EIGHT + timedelta(hours=2)) == 0
    assert send_digests(EIGHT + timedelta(days=1)) == 1
    assert send_digests(EIGHT + timedelta(days=2)) == 0  # still unread, but no news


def test_nothing_is_sent_to_who_has_read_everything_switched_it_off_or_has_no_address(mei: User) -> None:
    off, none = UserFactory(), UserFactory(email="")
    StaffProfile.objects.create(user=off, muted=["digest"])
    for person in (mei, off, none):
        notify(Kind.ALARM, [person.pk], key="1", now=SEVEN)
    mark_all_read(mei)
    assert send_digests(EIGHT) == 0


def test_a_mail_whose_worker_died_is_sent_when_its_lease_is_over(mei: User) -> None:
    notify(Kind.ALARM, [mei.pk], key="1", now=SEVEN)
    Digest.objects.create(user=mei, day=EIGHT.date(), until=EIGHT, attempts=1, next_try_at=EIGHT)
    assert [send_digests(EIGHT - timedelta(minutes=1)), send_digests(EIGHT), send_digests(EIGHT)] == [0, 1, 0]
