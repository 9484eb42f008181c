"""Filters of the lists of messages and surveys."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet
from django_stubs_ext import StrOrPromise

from feedback.messages.topics import TOPICS
from feedback.models import Message
from feedback.models.readings import MessageQuerySet


def _choice(choices: Sequence[Any], *, label: StrOrPromise, empty_label: StrOrPromise) -> ChoiceFilter:
    look = forms.Select(attrs={"class": "form-select form-select-sm"})
    return ChoiceFilter(choices=choices, label=label, empty_label=empty_label, widget=look)


class MessageFilter(FilterSet):
    """Messages by state, topic, language, and number of the case or order, or address."""

    q = CharFilter(
        method="search",
        label=_("Case number, order number or e-mail address"),
        widget=forms.SearchInput(
            attrs={
                "placeholder": _("Case, order or e-mail address"),
                "autocomplete": "off",
                "class": "form-control form-control-sm",
            }
        ),
    )
    status = _choice(Message.Status.choices, label=_("Status"), empty_label=_("All statuses"))
    topic = _choice(list(TOPICS.items()), label=_("Topic"), empty_label=_("All topics"))
    language = _choice(settings.LANGUAGES, label=_("Language"), empty_label=_("All languages"))

    data: QueryDict

    class Meta:
        model = Message
        fields: list[str] = []

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def search(self, rows: MessageQuerySet, name: str, words: str) -> MessageQuerySet:
        return rows.search(words)
