"""Steps of a refund: locked, legal, with a history row. The counterpart of ``returns.actions.move``."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from refunds.actions.reserving import lock_books
from refunds.models import Refund
from returns.actions import Actor, logbook
from signoff import keeping
from signoff.models import Customer
from signoff.prepared import Prepared

PAY = "refunds.pay_refund"

_LOCKED = Prepared(
    lambda key: Refund.objects.select_for_update(of=["self"]).select_related("case__customer", "payment").filter(pk=key)
)


def lock(refund: Refund) -> Refund:
    """The refund as it is now, locked with all that its fate may touch, in the house's order."""
    lock_books(refund.case)
    case = logbook.lock(refund.case_id)
    locked = _LOCKED.get(refund.pk)
    case.customer, locked.case = locked.case.customer, case
    return locked


def step(refund: Refund, name: str, *, by: Actor, now: datetime, why: str = "") -> Refund:
    """Run one transition of a locked refund and save it with its history. Raises ``TransitionNotAllowed``."""
    bound = getattr(refund, name)
    if not can_proceed(bound):
        raise TransitionNotAllowed(not_any_more(refund), object=refund, method=bound)
    bound()
    keep(refund, by=by, now=now, why=why or name)
    return refund


def keep(refund: Refund, *, by: Actor, now: datetime, why: str) -> None:
    """Save a locked refund with one history row."""
    keeping.keep(refund, by=logbook.author_of(by), now=now, why=why)


def not_any_more(refund: Refund) -> str:
    """The sentence for somebody who came too late."""
    return _("This refund has moved on meanwhile: it is now “%(status)s”. Look at it again before you act.") % {
        "status": refund.get_status_display()
    }


def require(by: Actor, permission: str) -> None:
    """Raise ``PermissionDenied`` where a person lacks ``permission``; the system (None) is not asked."""
    if by is not None and (isinstance(by, Customer) or not by.is_active or not by.has_perm(permission)):
        raise PermissionDenied(_("You may not take this step; ask somebody who has the right to."))
