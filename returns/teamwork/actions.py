"""Watch a case, be seen on its page, and hand all of one's own cases over to a colleague."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_fsm import TransitionNotAllowed

from returns.models import Case, CaseWatcher, Presence
from returns.permissions import may_see_cases
from returns.review.assignment import CannotAssign, assign
from signoff.staff.actions import be_away

GONE_AFTER = timedelta(minutes=2)  # without a sign of life
AT_ONCE = 500  # cases that one request hands over


@dataclass(frozen=True)
class HandedOver:
    """What became of one case: ``problem`` is a sentence, "" where the colleague has it now."""

    case: Case
    problem: str = ""


@dataclass(frozen=True)
class HandOver:
    """The cases of one request, and whether more are left for another."""

    rows: list[HandedOver]
    more: bool

    @property
    def moved(self) -> int:
        return sum(not row.problem for row in self.rows)

    @property
    def sentence(self) -> str:
        """How many cases went to the colleague."""
        return ngettext("%(count)d case handed over.", "%(count)d cases handed over.", self.moved) % {
            "count": self.moved
        }


_visitors: list[Callable[[Case, User, datetime], None]] = []


def register_visit(act: Callable[[Case, User, datetime], None]) -> None:
    """Call ``act`` when the browser of a member of staff shows the page of a case; a page calls it again and again."""
    _visitors.append(act)


def watch(case: Case, *, by: User, now: datetime | None = None) -> None:
    """Notify ``by`` about the case from now on; nothing changes for those who watch it already."""
    if not may_see_cases(by):
        raise PermissionDenied
    CaseWatcher.objects.get_or_create(case=case, user=by, defaults={"since": now or timezone.now()})


def unwatch(case: Case, *, by: User) -> None:
    """Notify ``by`` no longer, unless the case is theirs."""
    CaseWatcher.objects.filter(case=case, user=by).delete()


def be_present(case: Case, *, by: User, now: datetime | None = None) -> list[Presence]:
    """Record that ``by`` has the page of ``case`` open; returns the others who have, the first comer first."""
    now = now or timezone.now()
    forget_presence(now)
    for act in _visitors:
        act(case, by, now)
    Presence.objects.update_or_create(
        case=case, user=by, defaults={"seen_at": now}, create_defaults={"seen_at": now, "since": now}
    )
    return list(Presence.objects.filter(case=case).exclude(user=by).select_related("user").order_by("since", "id"))


def forget_presence(now: datetime | None = None) -> int:
    """Erase the rows of people who have left; returns how many."""
    return Presence.objects.filter(seen_at__lt=(now or timezone.now()) - GONE_AFTER).delete()[0]


def hand_over(
    *, to: User, by: User, absent_from: dt.date | None, absent_until: dt.date | None, words: str = ""
) -> HandOver:
    """Assign every open case of ``by`` to ``to``, each in its own transaction; the first ``AT_ONCE`` by due time.

    With dates, ``to`` also stands in for ``by`` on these days. A case that cannot be handed over stays, with the
    reason.
    """
    if absent_from and absent_until:
        be_away(by, first=absent_from, last=absent_until, stand_in=to, by=by)
    cases = list(Case.objects.owned_by(by).order_by("due_at", "id")[: AT_ONCE + 1])
    rows = [HandedOver(case, _give(case, to=to, by=by, words=words)) for case in cases[:AT_ONCE]]
    return HandOver(rows, more=len(cases) > AT_ONCE)


def _give(case: Case, *, to: User, by: User, words: str) -> str:
    """Assign one case; the sentence why not, or ""."""
    try:
        with transaction.atomic():
            assign(case, to=to, by=by, words=words, seen=case.seq)
    except (CannotAssign, TransitionNotAllowed) as refusal:
        return str(refusal)
    except PermissionDenied:
        return _("You don't have permission to work on this case in its present state.")
    except OperationalError:  # somebody holds the row longer than the lock timeout
        return _("A colleague is working on this case right now. Try again in a moment.")
    return ""
