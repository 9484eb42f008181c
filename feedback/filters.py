"""What the lists of messages and surveys can be narrowed by."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from feedback.models import Message
from feedback.models.readings import MessageQuerySet
from feedback.telling import TOPICS


class MessageFilter(FilterSet):
    """By state, topic, language, and case number or address."""

    q = CharFilter(
        method="search",
        label=_("Case number or address"),
        widget=forms.SearchInput(attrs={"placeholder": _("Case number or address"), "autocomplete": "off"}),
    )
    status = ChoiceFilter(choices=Message.Status.choices, label=_("State"), empty_label=_("any state"))
    topic = ChoiceFilter(choices=list(TOPICS.items()), label=_("About"), empty_label=_("any topic"))
    language = ChoiceFilter(choices=settings.LANGUAGES, label=_("Language"), empty_label=_("any language"))

    class Meta:
        model = Message
        fields: list[str] = []

    @property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def search(self, rows: MessageQuerySet, name: str, words: str) -> MessageQuerySet:
        return rows.search(words)
