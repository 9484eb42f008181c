"""Filters of finance's lists."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from refunds.finance.queries import FOR_PEOPLE, LABELS, TABS
from refunds.ledger.filters import _Narrow
from refunds.models import Refund
from returns.models.queues import case_number
from signoff.db.counts import count_each
from signoff.db.search import contains_folded
from signoff.models.order_search import numbered


class RefundFilter(_Narrow):
    """Refunds of one tab; the default is the first tab with open work."""

    q = CharFilter(method="search", label=_("Case, order, customer or reference"))
    gateway = ChoiceFilter(choices=Refund.Gateway.choices, label=_("Refund method"), empty_label=_("All methods"))
    tab = ChoiceFilter(choices=list(LABELS.items()), method="in_tab", widget=forms.HiddenInput)

    queryset: QuerySet[Refund]

    class Meta:
        model = Refund
        fields: list[str] = []

    def __init__(self, data: QueryDict, **options: Any) -> None:
        data = data.copy()
        data.setdefault("tab", "")  # the base class replaces empty data by some that cannot be written
        super().__init__(data, **options)
        self.counts = count_each({tab: self.within_tabs.filter(condition) for tab, condition in TABS.items()})
        if self.data.get("tab") not in TABS:
            busy = [tab for tab in (*FOR_PEOPLE, *TABS) if self.counts[tab]]
            self.data["tab"] = busy[0] if busy else "bank"

    @property
    def chosen_tab(self) -> str:
        return self.data.get("tab", "")

    @property
    def within_tabs(self) -> QuerySet[Refund]:
        """The filtered refunds, before the tab is applied."""
        refunds = self.queryset.all()
        if self.data.get("gateway") in Refund.Gateway.values:
            refunds = refunds.filter(gateway=self.data["gateway"])
        return self.search(refunds, "q", self.data.get("q", ""))

    def in_tab(self, refunds: QuerySet[Refund], name: str, tab: str) -> QuerySet[Refund]:
        return refunds.filter(TABS[tab])

    def search(self, refunds: QuerySet[Refund], name: str, words: str) -> QuerySet[Refund]:
        words = words.strip().replace("\x00", "")
        if not words:
            return refunds
        return refunds.filter(
            Q(case__number=case_number(words))
            | Q(case__number__istartswith=words)
            | numbered(words, "case__order__")
            | contains_folded("case__customer__name", words)
            | Q(provider_reference__iexact=words)
        )
