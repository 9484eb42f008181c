"""The tabs of the queue: whose turn it is, and groups of states."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from returns.lifecycle.states import FINISHED, OPEN, STATES, on_tab, waiting_for
from returns.permissions import REVIEW

#: tabs about the person who looks: what waits for them, for their teams, for others, for anybody
TURNS = {
    "mine": pgettext_lazy("cases", "Mine"),
    "team": _("My team's"),
    "unassigned": pgettext_lazy("cases", "Unassigned"),
    "others": _("Waiting for others"),
}
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
OURS = waiting_for(REVIEW)
SUMS = {"open": OPEN, "all": tuple(map(str, STATES))}
#: name in the address → states
STATE_TABS: dict[str, tuple[str, ...]] = {tab: SUMS.get(tab) or on_tab(tab) for tab in LABELS}
TABS: dict[str, tuple[str, ...]] = STATE_TABS | {
    "mine": OURS,
    "team": OPEN,
    "unassigned": OURS,
    "others": tuple(status for status in OPEN if status not in OURS),
}
LEAVES = tuple(tab for tab in STATE_TABS if tab not in SUMS)  # each case is on exactly one of them


def waits(tab: str, status: str = "") -> bool:
    """Whether all cases of the tab (or of the one state) wait for somebody, and so have a time when they are due."""
    statuses = (status,) if status else TABS[tab]
    return not set(statuses) & set(FINISHED)
