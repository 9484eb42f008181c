"""The tabs of the queue: groups of states."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from returns.lifecycle.states import FINISHED, OPEN, STATES, on_tab

LABELS = {
    "open": pgettext_lazy("cases", "Open"),
    "decide": _("To decide"),
    "shopper": _("Waiting for shopper"),
    "approval": _("To approve"),
    "bench": _("In inspection"),
    "settling": _("Completing"),
    "finished": _("Finished"),
    "all": pgettext_lazy("cases", "All"),
}
SUMS = {"open": OPEN, "all": tuple(map(str, STATES))}
#: name in the address → states
TABS: dict[str, tuple[str, ...]] = {tab: SUMS.get(tab) or on_tab(tab) for tab in LABELS}
LEAVES = tuple(tab for tab in TABS if tab not in SUMS)  # each case is on exactly one of them


def waits(tab: str, status: str = "") -> bool:
    """Whether all cases of the tab (or of the one state) wait for somebody, and so have a time when they are due."""
    statuses = (status,) if status else TABS[tab]
    return not set(statuses) & set(FINISHED)
