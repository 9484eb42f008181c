"""What can be done to chosen cases of the queue."""

from collections.abc import Sequence

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import TransitionNotAllowed

from returns.models import Case
from returns.permissions import REVIEW
from returns.review.actions import request_information
from returns.review.assignment import take
from signoff.bulk.registry import BulkAction, Candidate


class AskForm(forms.Form):
    """One question to many shoppers."""

    question = forms.CharField(
        label=gettext_lazy("Question to the shopper"),
        max_length=4000,
        error_messages={"required": gettext_lazy("Enter your question.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def look_up(user: User, refs: Sequence[str]) -> list[Candidate]:
    """The cases with these numbers that ``user`` may see, in their order; two queries at most."""
    cases = {case.number: case for case in Case.objects.visible_to(user).filter(number__in=refs)}
    return [
        Candidate(number, number, url=cases[number].get_absolute_url(), seen=cases[number].seq)
        if number in cases
        else unknown(number)
        for number in refs
    ]


def unknown(ref: str) -> Candidate:
    """A row for a number that no case has."""
    return Candidate(ref, ref, why_not=_("No case has this number. Check it."))


def find(number: str, user: User) -> Case:
    """The case with this number, as the list shows it to ``user``."""
    return Case.objects.visible_to(user).get(number=number)


def _take(number: str, *, by: User, seen: int | None) -> str:
    take(find(number, by), by=by)
    return ""


def _ask(number: str, *, by: User, seen: int | None, question: str) -> str:
    request_information(find(number, by), by=by, question=question, seen=seen)
    return ""


TAKE = BulkAction(
    name="take",
    desk_list="cases",
    label=gettext_lazy("Take"),
    icon="hand",
    permission=REVIEW,
    look_up=look_up,
    act=_take,
    follows=lambda n: ngettext("%(n)d case becomes yours.", "%(n)d cases become yours.", n) % {"n": n},
    moved=(TransitionNotAllowed,),
)
ASK = BulkAction(
    name="ask",
    desk_list="cases",
    label=gettext_lazy("Ask the shopper"),
    icon="message-circle-question-mark",
    permission=REVIEW,
    look_up=look_up,
    act=_ask,
    follows=lambda n: (
        ngettext(
            "%(n)d shopper gets this question by e-mail, and the case waits for the answer.",
            "%(n)d shoppers get this question by e-mail, one message each, and the cases wait for the answers.",
            n,
        )
        % {"n": n}
    ),
    form=AskForm,
    moved=(TransitionNotAllowed,),
)
