"""For chosen cases of the queue: a note for colleagues, and a question to the shoppers, typed or a saved reply."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.models import User
from django.template import TemplateSyntaxError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import TransitionNotAllowed, can_proceed

from feedback.conversation.actions import NothingToSend, Outgoing, post_note, thread_of
from feedback.conversation.composer import WORDS
from feedback.conversation.queries import REPLIES
from feedback.conversation.replies import fill_reply
from feedback.models import SavedReply, Thread
from returns.models import Case
from returns.permissions import REVIEW, VIEW
from returns.queue.bulk import find, look_up
from returns.review.actions import request_information
from signoff.bulk.registry import BulkAction, BulkForm, Candidate


class CannotAsk(Exception):
    """The shopper of one case was not asked; a sentence for the person who asks."""


class NoteForm(BulkForm):
    """One note on many cases."""

    words = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        max_length=WORDS,
        help_text=gettext_lazy("Added to every case. Only colleagues see it."),
        error_messages={"required": gettext_lazy("Write your note.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AskForm(BulkForm):
    """One question to many shoppers: a saved reply in the language of each, or typed words."""

    reply = forms.ChoiceField(
        label=gettext_lazy("Saved reply"),
        required=False,
        help_text=gettext_lazy("Each shopper gets it in their language, with their own name and number."),
    )
    question = forms.CharField(
        label=gettext_lazy("Question to the shopper"),
        required=False,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        replies = SavedReply.objects.order_by("position", "key")[:REPLIES]
        field = self.fields["reply"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None")), *((reply.key, reply.title) for reply in replies)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        if values["reply"] and values["question"]:
            self.add_error("question", _("Choose a saved reply or enter a question, not both."))
        elif not (values["reply"] or values["question"]):
            self.add_error("question", _("Enter your question."))
        return values


def look_up_askable(user: User, refs: Sequence[str]) -> list[Candidate]:
    """The cases with these numbers; those whose state takes no question are left out."""
    return look_up(user, refs, why_not=_takes_no_question)


def _takes_no_question(case: Case) -> str:
    if can_proceed(case.request_information):
        return ""
    return _("Left out: a case with the status “%(status)s” takes no question.") % {"status": case.get_status_display()}


def _ask(number: str, *, by: User, seen: int | None, question: str, reply: str = "") -> str:
    case = find(number, by)
    request_information(case, by=by, question=_filled(reply, case, by=by) if reply else question, seen=seen)
    return ""


def _filled(key: str, case: Case, *, by: User) -> str:
    reply = SavedReply.objects.filter(key=key).first()
    if reply is None:
        raise CannotAsk(_("This saved reply has been removed. Choose another one."))
    thread = Thread(case=case, order=case.order, shop=case.shop, customer=case.customer)
    try:
        return fill_reply(reply, thread, by=by)
    except TemplateSyntaxError as error:  # it was saved past the check
        raise CannotAsk(_("This saved reply cannot be filled in. Correct it in the settings.")) from error


def _note(number: str, *, by: User, seen: int | None, words: str) -> str:
    out = Outgoing(words=words, key=uuid4().hex, with_draft=False)
    post_note(thread_of(find(number, by)), by=by, out=out)
    return ""


NOTE = BulkAction(
    name="note",
    desk_list="cases",
    label=gettext_lazy("Note"),
    icon="notebook-pen",
    permission=VIEW,
    look_up=look_up,
    act=_note,
    follows=lambda n: (
        ngettext("%(n)d case gets this note for colleagues.", "%(n)d cases get this note for colleagues.", n) % {"n": n}
    ),
    form=NoteForm,
    refusals=(NothingToSend,),
    key="i",
    rank=3,
)
ASK = BulkAction(
    name="ask",
    desk_list="cases",
    label=gettext_lazy("Ask the shopper"),
    icon="message-circle-question-mark",
    permission=REVIEW,
    look_up=look_up_askable,
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
    refusals=(CannotAsk,),
    moved=(TransitionNotAllowed,),
    key="a",
    rank=4,
)
