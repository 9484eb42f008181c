"""What can be done to chosen cases of the queue; ``returns.teamwork.bulk`` and upper apps add to it."""

from collections.abc import Callable, Sequence

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import TransitionNotAllowed

from returns.lifecycle.states import rights_to
from returns.models import Case
from returns.permissions import REVIEW
from returns.review.assignment import take
from signoff.bulk.registry import BulkAction, Candidate


def look_up(user: User, refs: Sequence[str], *, why_not: Callable[[Case], str] = lambda case: "") -> list[Candidate]:
    """The cases with these numbers that ``user`` may see, in their order; two queries at most.

    ``why_not`` says of a case why it is left out.
    """
    cases = {case.number: case for case in Case.objects.visible_to(user).filter(number__in=refs)}
    return [_candidate(number, cases.get(number), why_not) for number in refs]


def look_up_open(user: User, refs: Sequence[str]) -> list[Candidate]:
    """``look_up``; finished cases are left out."""
    return look_up(user, refs, why_not=_is_finished)


def find(number: str, user: User) -> Case:
    """The case with this number, as the list shows it to ``user``."""
    return Case.objects.visible_to(user).get(number=number)


def _candidate(number: str, case: Case | None, why_not: Callable[[Case], str]) -> Candidate:
    if case is None:
        return Candidate(number, number, why_not=_("No case has this number. Check it."))
    return Candidate(number, number, url=case.get_absolute_url(), seen=case.seq, why_not=why_not(case))


def _is_finished(case: Case) -> str:
    return "" if rights_to(case.status) else _("Left out: this case is finished; there is nothing left to do.")


def _take(number: str, *, by: User, seen: int | None) -> str:
    take(find(number, by), by=by)
    return ""


TAKE = BulkAction(
    name="take",
    desk_list="cases",
    label=gettext_lazy("Take"),
    icon="hand",
    permission=REVIEW,
    look_up=look_up_open,
    act=_take,
    follows=lambda n: ngettext("%(n)d case becomes yours.", "%(n)d cases become yours.", n) % {"n": n},
    moved=(TransitionNotAllowed,),
    key="t",
    rank=1,
)
