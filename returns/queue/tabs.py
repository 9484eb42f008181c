"""The tabs of the queue: states grouped by what is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from returns.models import Case
from returns.models.queues import FINISHED, OPEN

S = Case.Status

#: name in the address → states; together the middle five are ``open``
TABS: dict[str, tuple[str, ...]] = {
    "open": OPEN,
    "decide": (S.SUBMITTED, S.INSPECTED),
    "shopper": (S.WAITING_ON_SHOPPER, S.OFFERED, S.AUTHORISED),
    "approval": (S.AWAITING_APPROVAL,),
    "bench": (S.IN_APPRAISAL, S.IN_TRANSIT, S.RECEIVED),
    "settling": (S.SETTLING,),
    "finished": FINISHED,
    "all": tuple(S.values),
}
LABELS = {
    "open": pgettext_lazy("cases", "Open"),
    "decide": _("To decide"),
    "shopper": _("With the shopper"),
    "approval": _("To approve"),
    "bench": _("At the bench"),
    "settling": _("Settling"),
    "finished": _("Finished"),
    "all": pgettext_lazy("cases", "All"),
}


def waits(tab: str, status: str = "") -> bool:
    """Whether all cases of the tab (or of the one state) wait for somebody, and so have a time when they are due."""
    statuses = (status,) if status else TABS[tab]
    return not set(statuses) & set(FINISHED)
