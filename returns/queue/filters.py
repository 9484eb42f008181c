"""Filters of the queue."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, FilterSet

from returns.models import Case, Line, Reason
from returns.models.queues import CaseQuerySet
from returns.queue.queries import shops_and_reasons
from returns.queue.tabs import LABELS, TABS, TURNS, waits
from signoff.models import Shop
from signoff.staff.queries import teams_of
from signoff.web.keyset import Sift

OWNERS = [("me", _("Mine")), ("none", _("Unassigned"))]


class CaseFilter(FilterSet):
    """The queue's filters; ``tab`` defaults to open cases, to all of them when something particular is asked for."""

    q = CharFilter(method="search", label=_("Search"), widget=forms.HiddenInput)
    tab = ChoiceFilter(choices=[*TURNS.items(), *LABELS.items()], method="in_tab", widget=forms.HiddenInput)
    status = ChoiceFilter(choices=Case.Status.choices, label=_("Status"), empty_label=_("All statuses"))
    reason = ChoiceFilter(method="with_reason", label=_("Reason"), empty_label=_("All reasons"))
    owner = ChoiceFilter(choices=OWNERS, method="owned", label=_("Owner"), empty_label=_("All owners"))
    shop = ChoiceFilter(method="of_shop", label=_("Shop"), empty_label=_("All shops"))
    language = ChoiceFilter(choices=settings.LANGUAGES, label=_("Language"), empty_label=_("All languages"))
    overdue = BooleanFilter(method="late", label=_("Overdue only"), widget=forms.CheckboxInput)

    sift: Sift | None = None
    data: QueryDict

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, user: User, **options: Any) -> None:
        self.user = user
        data = data.copy()
        if data.get("status") not in Case.Status.values:
            data.pop("status", None)
        if data.get("tab") not in TABS:
            data["tab"] = "all" if data.get("q") else "open"
        if data.get("status", "") not in ("", *TABS[data.get("tab", "")]):
            data["tab"] = "all"
        super().__init__(data, **options)
        self.filters["shop"].extra["choices"] = lambda: [(shop.slug, shop.name) for shop in self.shops]
        self.filters["reason"].extra["choices"] = lambda: _titles(self.reasons)

    @cached_property
    def choices(self) -> tuple[list[Shop], list[Reason]]:
        """Shops and reasons; read only where the filter is drawn or narrowed by one of them."""
        return shops_and_reasons()

    @property
    def shops(self) -> list[Shop]:
        return self.choices[0]

    @property
    def reasons(self) -> list[Reason]:
        return self.choices[1]

    @property
    def chosen_tab(self) -> str:
        return self.data.get("tab", "")

    @property
    def searching(self) -> bool:
        return bool(self.data.get("q", "").strip())

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab is chosen."""
        return any(self.data.get(name) for name in self.filters if name != "tab")

    @property
    def waits(self) -> bool:
        """Whether all chosen cases wait for somebody, and so have a deadline."""
        return waits(self.chosen_tab, self.data.get("status", ""))

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """``cases`` filtered by all filters except the tab, for the counts on the tabs."""
        values = self.form.cleaned_data if self.form.is_valid() else {}
        for name, value in values.items():
            if name != "tab":
                cases = self.filters[name].filter(cases, value)
        return cases

    @property
    def mine_only(self) -> bool:
        return self.data.get("owner") == "me"

    def search(self, cases: CaseQuerySet, name: str, words: str) -> CaseQuerySet:
        """Filter by matches that are few; a broad search is left to ``sift``, which the list applies page by page."""
        matches = cases.found(words)
        if not matches.is_broad:
            return matches.matching(cases)
        self.sift = matches.matching
        return cases

    def in_tab(self, cases: CaseQuerySet, name: str, tab: str) -> CaseQuerySet:
        if tab == "team":  # keys, so that the planner knows how many cases to expect
            return cases.open().filter(team__in=[team.pk for team in teams_of(self.user)])
        if tab in TURNS:
            return cases.whose_turn(tab, self.user)
        return cases if tab == "all" else cases.filter(status__in=TABS[tab])

    def with_reason(self, cases: CaseQuerySet, name: str, code: str) -> CaseQuerySet:
        """By the reasons' primary keys, not by their code: the planner then estimates the number of cases well."""
        reasons = [reason.pk for reason in self.reasons if reason.code == code]
        return cases.filter(pk__in=Line.objects.filter(reason__in=reasons).order_by().values("case"))

    def owned(self, cases: CaseQuerySet, name: str, owner: str) -> CaseQuerySet:
        return cases.filter(owner=self.user if owner == "me" else None)

    def of_shop(self, cases: CaseQuerySet, name: str, slug: str) -> CaseQuerySet:
        return cases.filter(shop__in=[shop.pk for shop in self.shops if shop.slug == slug])

    def late(self, cases: CaseQuerySet, name: str, wanted: bool) -> CaseQuerySet:
        return cases.overdue() if wanted else cases


def _titles(reasons: list[Reason]) -> list[tuple[str, str]]:
    """Every reason once, in the language of the page; shops may share a code."""
    return sorted({reason.code: reason.title for reason in reasons}.items(), key=lambda choice: choice[1])
