"""Sidebar of the desk: its entries in their order, and the permission that each needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from returns.permissions import APPROVE, INSPECT, REVIEW
from signoff.db.counts import CappedCounts, capped_label

type Person = User | AnonymousUser
type Counter = Callable[[], QuerySet]

_COUNTERS: dict[str, Counter] = {}


@dataclass(frozen=True)
class Entry:
    """One line of the sidebar; ``permission`` is "app.codename", or "" for everybody who ``is_staff``.

    ``key`` opens it after a "g"; no two entries have the same one.
    """

    label: str | Promise
    icon: str
    url_name: str
    permission: str
    key: str = ""


@dataclass
class Item:
    """An entry as one person sees it on one page."""

    label: str | Promise
    icon: str
    url: str
    key: str = ""
    active: bool = False
    count: str | None = None


@dataclass
class Group:
    """Items under one heading."""

    label: str | Promise
    items: list[Item] = field(default_factory=list)


ENTRIES: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        _("Daily work"),
        (
            Entry(_("Case queue"), "inbox", "returns:case-list", REVIEW, "q"),
            Entry(_("Conversations"), "messages-square", "feedback:conversation-list", REVIEW, "c"),
            Entry(_("Unmatched e-mails"), "mail-question-mark", "feedback:mail-list", REVIEW),
            Entry(_("Approvals"), "circle-check", "refunds:approval-list", APPROVE, "a"),
            Entry(_("Inspection bench"), "scan-search", "inspection:bench", INSPECT, "i"),
            Entry(_("Refunds"), "wallet", "refunds:refund-list", "refunds.view_refund", "r"),
            Entry(_("Shipments"), "truck", "refunds:replacement-list", "refunds.send_replacement", "s"),
            Entry(_("Messages"), "mail", "feedback:message-list", "feedback.view_message", "m"),
            Entry(_("Parcel exceptions"), "route", "signoff:parcel-list", "signoff.view_parcelexception", "p"),
            Entry(_("Orders"), "package", "signoff:order-list", "signoff.view_order", "o"),
            Entry(_("Order anomalies"), "package-search", "signoff:anomaly-list", "signoff.view_orderanomaly"),
            Entry(_("Order imports"), "file-up", "signoff:import-list", "signoff.view_orderimport"),
        ),
    ),
    (
        _("Reports and accounts"),
        (
            Entry(_("Ledger"), "scroll-text", "refunds:ledger", "refunds.view_entry", "l"),
            Entry(_("Scorecards"), "gauge", "signoff:scorecards", "signoff.view_violation", "k"),
            Entry(_("Claims"), "hand-coins", "refunds:claim-list", "refunds.view_claim"),
            Entry(_("Surveys"), "star", "feedback:survey-list", "feedback.view_survey"),
            Entry(_("Case lifecycle"), "workflow", "returns:lifecycle", "returns.view_case", "y"),
        ),
    ),
    (_("Administration"), (Entry(_("Settings"), "settings-2", "settings", "signoff.change_shop"),)),
)


def register_counter(url_name: str, counter: Counter) -> None:
    """Show the number of rows of ``counter`` beside this entry.

    One capped query counts all entries (``signoff.db.counts``). It is compiled once for the process, so no counter may
    depend on the time.
    """
    _COUNTERS[url_name] = counter


def navigation(request: HttpRequest) -> list[Group]:
    """The groups with entries that this user may open; entries without a URL are left out."""
    visible = [(label, _visible(entries, request.user)) for label, entries in ENTRIES]
    counts = _counts([entry for _label, entries in visible for entry in entries])
    groups = [Group(label, _items(entries, counts)) for label, entries in visible]
    _mark_active([item for group in groups for item in group.items], request.path)
    return [group for group in groups if group.items]


def going_keys(user: Person) -> list[tuple[str, str | Promise]]:
    """Key and label of each entry that ``user`` may open by keys."""
    entries = [entry for _label, entries in ENTRIES for entry in _visible(entries, user)]
    return [(f"G {entry.key}", entry.label) for entry in entries if entry.key]


def _visible(entries: tuple[Entry, ...], user: Person) -> list[Entry]:
    return [entry for entry in entries if _may_see(user, entry) and _address(entry.url_name)]


def _may_see(user: Person, entry: Entry) -> bool:
    return user.has_perm(entry.permission) if entry.permission else bool(getattr(user, "is_staff", False))


def _items(entries: list[Entry], counts: dict[str, str]) -> list[Item]:
    return [
        Item(entry.label, entry.icon, _address(entry.url_name), entry.key, count=counts.get(entry.url_name))
        for entry in entries
    ]


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _counts(entries: list[Entry]) -> dict[str, str]:
    """The label of the counter for each entry that has one."""
    counted = _counting_query(tuple(entry.url_name for entry in entries if entry.url_name in _COUNTERS))
    return {url_name: capped_label(count) for url_name, count in counted.fetch().items()}


@cache
def _counting_query(url_names: tuple[str, ...]) -> CappedCounts:
    """The query that counts these entries; cached for each set of permissions."""
    return CappedCounts(lambda: {url_name: _COUNTERS[url_name]() for url_name in url_names})


def _mark_active(items: list[Item], path: str) -> None:
    """Mark the entry whose URL is the longest prefix of this page's path."""
    matching = [item for item in items if path.startswith(item.url)]
    if matching:
        max(matching, key=lambda item: len(item.url)).active = True
