"""Steps of a refund: locked, legal, with a history row. The counterpart of ``returns.actions.move``."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from refunds.actions.reserving import lock_books
from refunds.models import Refund
from returns.actions import Actor
from returns.models import Case
from signoff.models import Customer

_history = Refund.history  # the library builds a manager class at each access
PAY = "refunds.pay_refund"


def lock(refund: Refund) -> Refund:
    """The refund as it is now, locked with all that its fate may touch, in the house's order."""
    lock_books(refund.case)
    Case.objects.select_for_update().values_list("pk").get(pk=refund.case_id)
    return Refund.objects.select_for_update(of=["self"]).select_related("case__customer", "payment").get(pk=refund.pk)


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
    author = None if isinstance(by, Customer) else by
    refund.save_without_historical_record()
    _history.bulk_history_create(
        [refund], update=True, default_user=author, default_change_reason=why, default_date=now
    )


def not_any_more(refund: Refund) -> str:
    """The sentence for somebody who came too late."""
    return _("This refund has moved on meanwhile: it is now “%(status)s”. Look at it again before you act.") % {
        "status": refund.get_status_display()
    }


def require(by: Actor, permission: str) -> None:
    """Raise ``PermissionDenied`` where a person lacks ``permission``; the system (None) is not asked."""
    if by is not None and (isinstance(by, Customer) or not by.is_active or not by.has_perm(permission)):
        raise PermissionDenied(_("You may not take this step; ask somebody who has the right to."))
