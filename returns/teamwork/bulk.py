"""Assign chosen cases of the queue to a colleague or a team."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import TransitionNotAllowed

from returns.case_page.forms import words
from returns.permissions import REVIEW
from returns.queue.bulk import find, look_up_open
from returns.review.assignment import CannotAssign, assign
from returns.teamwork.forms import receiver_choices
from returns.teamwork.queries import active_teams, all_colleagues, receiver_of
from signoff.bulk.registry import BulkAction, BulkForm


class AssignManyForm(BulkForm):
    """``to`` stays the receiver's key, because the values are stored until the last row is done."""

    to = forms.ChoiceField(
        label=gettext_lazy("Assign to"),
        error_messages={"required": gettext_lazy("Choose a colleague or a team.")},
    )
    words = words(gettext_lazy("Note for them"), help_text=gettext_lazy("Added to every case. Only colleagues see it."))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = receiver_choices(all_colleagues(), active_teams())


def _assign(number: str, *, by: User, seen: int | None, to: str, words: str = "") -> str:
    receiver = receiver_of(to)
    if receiver is None:
        raise CannotAssign(_("This colleague or team has been removed. Choose another one."))
    assign(find(number, by), to=receiver, by=by, words=words, seen=seen)
    return ""


ASSIGN = BulkAction(
    name="assign",
    desk_list="cases",
    label=gettext_lazy("Assign"),
    icon="user-plus",
    permission=REVIEW,
    look_up=look_up_open,
    act=_assign,
    follows=lambda n: (
        ngettext("%(n)d case goes to a colleague or a team.", "%(n)d cases go to a colleague or a team.", n) % {"n": n}
    ),
    form=AssignManyForm,
    refusals=(CannotAssign,),
    moved=(TransitionNotAllowed,),
    rank=2,
)
