"""What a form of a composer sends: its fields, its files and the button that was pressed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.conversation.actions import AnsweredMeanwhile, NoComplaint, NothingToSend, Outgoing, already_posted
from feedback.conversation.drafts import draft_of, keep_draft, remove_from_draft
from feedback.conversation.rate_limit import TooManyMessages
from feedback.models import Post, Thread
from signoff.pictures.clean import clean_files
from signoff.pictures.fields import ACCEPT as PICTURES
from signoff.pictures.storage import StorageFull
from signoff.web.form_handling import run_action, show_error_message
from signoff.web.lists import wants_part
from signoff.web.requests import HtmxRequest

WORDS = 4000
ACCEPT = f"{PICTURES},application/pdf"
PLACE = "#composer"
REFUSALS = (AnsweredMeanwhile, NothingToSend, NoComplaint, TooManyMessages, StorageFull)


class ComposerForm(forms.Form):
    """``key`` makes one post of a form; ``seen`` is the last post that its page has shown; ``do`` the button."""

    key = forms.CharField(max_length=64)
    seen = forms.IntegerField(required=False, min_value=0)
    kind = forms.ChoiceField(choices=Post.Kind, required=False)
    do = forms.CharField(required=False, max_length=60)
    words = forms.CharField(required=False, max_length=WORDS, strip=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Post.Kind.MESSAGE


@dataclass(frozen=True)
class Sent:
    """What arrived, as it was typed: kept as a draft even if it cannot be sent."""

    words: str
    kind: str
    key: str
    do: str
    form: ComposerForm


def new_key() -> str:
    """A single-use key for a form."""
    return uuid4().hex


def read_form(request: HttpRequest) -> Sent:
    form = ComposerForm(request.POST)
    form.is_valid()
    values = form.cleaned_data
    typed = request.POST.get("words", "").replace("\0", "").replace("\r\n", "\n")
    return Sent(typed, values.get("kind", Post.Kind.MESSAGE), values.get("key", ""), values.get("do", ""), form)


def handle_composer(
    request: HtmxRequest,
    thread: Thread,
    *,
    user: User | None,
    back: str,
    post: Callable[[Sent, Outgoing], Post],
    confirm: Callable[[Post], None],
    next_page: Callable[[Sent], str] | None = None,
) -> HttpResponse:
    """Keep what was typed as a draft; then send it, unless the button or a refusal says otherwise.

    ``post`` writes it, ``confirm`` adds the flash message. Every refusal is a sentence on the page ``back``, where
    words and files still are.
    """
    sent = read_form(request)
    is_send = sent.key and sent.do != "draft"
    if is_send and (known := already_posted(thread, key=sent.key, words=sent.words, by=user)):
        confirm(known)
        return redirect(next_page(sent) if next_page else back)
    refusals = _keep(request, thread, sent, user=user)
    if sent.do == "draft":
        return _kept(request, thread, refusals, user=user, back=back)
    if sent.do.startswith("remove:"):
        with suppress(ValueError):  # no identifier: nothing is removed
            remove_from_draft(thread, user=user, token=UUID(sent.do.partition(":")[2]))
    problems = [*refusals, *_problems(sent.form)]
    if sent.do.startswith("remove:") or problems:
        for problem in problems:
            messages.error(request, problem)
        return redirect(back + PLACE)
    out = Outgoing(words=sent.words, key=sent.key, seen=sent.form.cleaned_data["seen"])
    stay = show_error_message(request, next_page=back + PLACE)

    def write_and_confirm() -> None:
        confirm(post(sent, out))

    return run_action(
        request,
        write_and_confirm,
        next_page=lambda _none: next_page(sent) if next_page else back,
        refusals=dict.fromkeys(REFUSALS, stay),
    )


def insert_words(request: HttpRequest, thread: Thread, *, user: User, words: str) -> None:
    """Keep what was typed and chosen as a draft, with ``words`` under it; with any it becomes a message."""
    sent = read_form(request)
    for refusal in _keep(request, thread, sent, user=user):
        messages.error(request, refusal)
    if words:
        typed = "\n\n".join(filter(None, [sent.words.rstrip(), words]))
        keep_draft(thread, user=user, words=typed, kind=Post.Kind.MESSAGE, key=sent.key)


def _keep(request: HttpRequest, thread: Thread, sent: Sent, *, user: User | None) -> list[str]:
    uploads = request.FILES.getlist("files")
    draft = draft_of(thread, user) if uploads else None
    existing = draft.postpictures.count() + draft.postdocuments.count() if draft else 0
    files, refusals = clean_files(uploads, existing=existing)
    return [*refusals, *keep_draft(thread, user=user, words=sent.words, kind=sent.kind, key=sent.key, files=files)]


def _kept(
    request: HtmxRequest, thread: Thread, refusals: Sequence[str], *, user: User | None, back: str
) -> HttpResponse:
    if wants_part(request):
        context = {"kept_at": timezone.now(), "shop": None if user else thread.shop}
        return render(request, "feedback/_draft_kept.html", context)
    for refusal in refusals:
        messages.error(request, refusal)
    messages.success(request, _("Your draft is kept. Nothing has been sent yet."))
    return redirect(back + PLACE)


def _problems(form: ComposerForm) -> list[str]:
    if "words" in form.errors:
        return [_("Write at most %(limit)d characters. Your words are still here.") % {"limit": WORDS}]
    if form.errors:
        return [_("This page was out of date. Your words are still here; send them again.")]
    return []
