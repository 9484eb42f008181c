"""Make notifications, each once, from the logbook and from the clock; mark them as read."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils import timezone

from feedback.models import Notification, Thread
from returns.lifecycle.states import FINISHED
from returns.logbook.reader import read
from returns.models import Case, CaseWatcher, LogEntry
from returns.permissions import REVIEW
from returns.teamwork.queries import people_with
from signoff.models import StaffProfile, Team

READER = "notifications"
PAY = "refunds.pay_refund"
NEWS = timedelta(days=7)  # older entries, of an import or of a reader that was away, are no news
KEPT = timedelta(days=90)  # after that a read notification is deleted
AT_ONCE = 500
ANSWERS = ("supply_information", "appeal", "accept_offer", "accept_offer_and_settle", "decline_offer")
SENT_BACK = ("send_back", "send_back_to_bench", "stop_plan", "stop_plan_at_bench", "offer_lapsed")
Kind = Notification.Kind


def read_logbook(now: datetime | None = None) -> int:
    """Make the notifications for all new entries; returns how many entries were read."""
    now = now or timezone.now()
    return read(READER, lambda entry: notify_about(entry, now=now))


def notify_about(entry: LogEntry, *, now: datetime) -> None:
    """Notify those whom one logbook entry concerns, except its own author."""
    case = entry.case
    if entry.at < now - NEWS or case.channel == Case.Channel.IMPORT:
        return
    kind, people = _concerned(entry)
    if case.status in FINISHED and kind != Kind.PAYOUT_FAILED:  # the reader is late: there is nothing left to do
        return
    if kind and (people := people - {entry.by_id, None}):
        key = f"{case.number}/{entry.seq}"
        notify(kind, people, key=key, case=case, by=entry.by, now=entry.at)


def notify(
    kind: str,
    people: Iterable[int | None],
    *,
    key: str,
    now: datetime,
    case: Case | None = None,
    thread: Thread | None = None,
    by: User | None = None,
) -> int:
    """Notify active people (by key), unless they have switched ``kind`` off; returns how many new rows there are.

    The same ``kind`` and ``key`` is made once for a person, however often this is called.
    """
    active = User.objects.filter(pk__in={key for key in people if key}, is_active=True)
    muted = StaffProfile.objects.filter(muted__contains=[kind]).values("user")
    rows = [
        Notification(user_id=pk, kind=kind, key=key, case=case, thread=thread, by=by, made_at=now)
        for pk in active.exclude(pk__in=muted).values_list("pk", flat=True)
    ]
    before = Notification.objects.filter(kind=kind, key=key).count()
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return Notification.objects.filter(kind=kind, key=key).count() - before


def notify_mentioned(
    about: Case | Thread, people: Iterable[User], *, key: str, by: User, now: datetime | None = None
) -> int:
    """Notify colleagues who were mentioned in a note about a case or in an inquiry, if they may open its page.

    ``key`` names the mention, such as "R-100042-1/post/7".
    """
    keys, now = {person.pk for person in people} - {by.pk}, now or timezone.now()
    if isinstance(about, Case):
        return notify(Kind.MENTIONED, keys, key=key, case=about, by=by, now=now)
    may_open = people_with([REVIEW]).filter(pk__in=keys).values_list("pk", flat=True)
    return notify(Kind.MENTIONED, may_open, key=key, thread=about, by=by, now=now)


def drop_mentioned(*, key: str) -> int:
    """Delete the notifications of a mention whose note was taken back; returns how many."""
    return Notification.objects.filter(kind=Kind.MENTIONED, key=key).delete()[0]


def notify_answered(case: Case, *, key: str, now: datetime | None = None) -> int:
    """Notify owner and watchers that the shopper has written; ``key`` names the message."""
    return notify(Kind.ANSWERED, _followers(case), key=key, case=case, now=now or timezone.now())


def notify_overdue(now: datetime | None = None) -> int:
    """Notify owners and watchers of cases whose deadline has passed, once for each deadline; returns the new rows."""
    now = now or timezone.now()
    known = Notification.objects.filter(kind=Kind.OVERDUE, case=OuterRef("pk"), made_at__gte=OuterRef("due_at"))
    late = Case.objects.overdue(now=now).filter(due_at__gt=now - NEWS, owner__isnull=False).exclude(Exists(known))
    made = (
        notify(Kind.OVERDUE, _followers(case), key=f"{case.number}/{case.due_at:%Y%m%d%H%M%S}", case=case, now=now)
        for case in late.order_by("due_at", "id")[:AT_ONCE]
    )
    return sum(made)


def mark_read(user: User, *, token: str, now: datetime | None = None) -> int:
    """Mark one notification of ``user`` as read; 0 where there is no such unread one."""
    return Notification.objects.unread().filter(user=user, token=token).update(read_at=now or timezone.now())


def mark_all_read(user: User, *, now: datetime | None = None) -> int:
    """Mark every notification of ``user`` as read; returns how many."""
    return Notification.objects.unread().filter(user=user).update(read_at=now or timezone.now())


def mark_case_read(case: Case, user: User, now: datetime) -> None:
    """Mark what ``user`` was notified about ``case`` as read: they have its page open."""
    Notification.objects.unread().filter(user=user, case=case).update(read_at=now)


def mark_thread_read(thread: Thread, user: User, *, now: datetime | None = None) -> None:
    """Mark what ``user`` was notified about an inquiry as read: they have its page open."""
    Notification.objects.unread().filter(user=user, thread=thread).update(read_at=now or timezone.now())


def forget_old(now: datetime | None = None) -> int:
    """Delete notifications that were read long ago; returns how many."""
    return Notification.objects.filter(read_at__lt=(now or timezone.now()) - KEPT).delete()[0]


def _concerned(entry: LogEntry) -> tuple[str, set[int | None]]:
    """The kind of notification that an entry leads to ("" for none), and the keys of those who get it."""
    if entry.by_shopper and entry.verb in ANSWERS:
        return Kind.ANSWERED, _followers(entry.case)
    if entry.verb in ("assign", "pass_on"):
        return Kind.ASSIGNED, {entry.facts["colleague"]}
    if entry.verb == "assign_team":
        return Kind.ASSIGNED, set(
            Team.objects.active().filter(pk=entry.facts["team"]).values_list("members", flat=True)
        )
    if entry.verb in SENT_BACK or (entry.verb, entry.source) == ("reject", Case.Status.AWAITING_APPROVAL):
        return Kind.SENT_BACK, _followers(entry.case)
    if entry.verb == "refund_failed":
        return Kind.PAYOUT_FAILED, _followers(entry.case) | set(people_with([PAY]).values_list("pk", flat=True))
    return "", set()


def _followers(case: Case) -> set[int | None]:
    """The owner of the case as it is now, and its watchers."""
    return {case.owner_id, *CaseWatcher.objects.filter(case=case).values_list("user", flat=True)}
