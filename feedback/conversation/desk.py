"""The desk's side of conversations: the list, the page of an inquiry, writing, erasing."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import TemplateSyntaxError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from feedback.conversation.actions import (
    AnsweredMeanwhile,
    Outgoing,
    inquiry_of,
    mark_read,
    post_message,
    post_note,
    take_note_back,
    thread_of,
)
from feedback.conversation.complaints import clocks_of
from feedback.conversation.composer import (
    ACCEPT,
    PLACE,
    Sent,
    handle_composer,
    insert_words,
    new_key,
)
from feedback.conversation.entries import items_of_inquiry
from feedback.conversation.erasing import ERASE, contents_of, erase_conversation
from feedback.conversation.queries import WINDOW, find_inquiry, read_inquiry_for_staff
from feedback.conversation.replies import fill_reply, language_of
from feedback.models import Post, ReadMark, SavedReply, Thread
from feedback.models.conversation import ThreadQuerySet
from feedback.notifications.actions import mark_thread_read
from returns.case_page.forms import StepForm
from returns.case_page.queries import find_case
from returns.lifecycle.actions import require_permission
from returns.permissions import REVIEW, VIEW
from returns.review.assignment import take_next
from signoff.models import Order
from signoff.pictures.clean import FORM_MAX
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, show_error_message
from signoff.web.keyset import page_by_key
from signoff.web.lists import choice_of, count_to_limit, render_list, tabs_of
from signoff.web.requests import StaffRequest
from signoff.web.undo import offer_undo
from signoff.web.uploads import takes

SHOWN = {
    "": gettext_lazy("Unanswered"),
    "inquiries": gettext_lazy("Inquiries"),
    "complaints": gettext_lazy("Complaints"),
    "all": gettext_lazy("All"),
}
LAST = 10**9


@staff(REVIEW)
@require_safe
def conversation_list(request: StaffRequest) -> HttpResponse:
    """Threads: those that wait longest for an answer first; the others by their last message."""
    show = choice_of(request.GET, "show", SHOWN)
    key = {"": "waiting_since", "complaints": "result_due_at"}.get(show, "-last_at")
    page = page_by_key(_threads(show).for_list(), key=key, query=request.GET)
    counts = count_to_limit({name: _threads(name) for name in ("", "inquiries", "complaints")})
    context = {
        "page": page,
        "rows": _rows(request, page.rows),
        "tabs": tabs_of(SHOWN, active=show, url=_address, counts=counts),
        "show": show,
    }
    return render_list(request, "feedback/desk/conversations.html", context)


def _threads(show: str) -> ThreadQuerySet:
    match show:
        case "inquiries":
            return Thread.objects.inquiries()
        case "complaints":
            return Thread.objects.complaints()
        case "all":
            return Thread.objects.begun()
    return Thread.objects.unanswered()


def _address(show: str) -> str:
    return reverse("feedback:conversation-list", query={"show": show} if show else None)


def _rows(request: StaffRequest, threads: list[Thread]) -> list[dict[str, object]]:
    """Each thread with its last message and whether the reader has seen it; two queries."""
    keys = [thread.pk for thread in threads]
    marks = dict(ReadMark.objects.filter(user=request.user, thread__in=keys).values_list("thread_id", "seq"))
    newest = Post.objects.filter(thread__in=keys, kind=Post.Kind.MESSAGE).order_by("thread_id", "-seq")
    last = {post.thread_id: post for post in newest.distinct("thread_id").select_related("by")}
    return [
        {
            "thread": thread,
            "last": last.get(thread.pk),
            "is_new": (post := last.get(thread.pk)) is not None
            and post.by_id != request.user.pk
            and post.seq > marks.get(thread.pk, 0),
        }
        for thread in threads
    ]


@staff(REVIEW)
@require_safe
def inquiry(request: StaffRequest, token: str) -> HttpResponse:
    """The conversation about an order without a case."""
    thread = find_inquiry(token)
    before = request.GET.get("before", "")
    read = read_inquiry_for_staff(thread, request.user, before=int(before) if _is_number(before) else LAST)
    more = len(read.posts) > WINDOW
    read.posts = read.posts[-WINDOW:]
    if read.seen < thread.seq:
        mark_read(thread, by=request.user, seq=thread.seq)
        mark_thread_read(thread, request.user)
    context = {
        "thread": thread,
        "order": thread.order,
        "items": items_of_inquiry(read, user=request.user),
        "earlier": f"?before={read.posts[0].seq}" if more else "",
        "cases": thread.order.cases.order_by("-opened_at"),
        "talk": {
            "write_url": reverse("feedback:inquiry-write", args=[token]),
            "may_send": True,
            **composer_context(thread, read),
        },
    }
    return render(request, "feedback/desk/inquiry.html", context)


@staff(REVIEW)
@require_POST
def start_inquiry(request: StaffRequest, token: str) -> HttpResponse:
    """Go to the conversation about an order, to write first; there is one, however often this is pressed."""
    order = get_object_or_404(Order.objects.select_related("customer", "shop"), token=token)
    if order.customer is None:
        messages.error(request, _("The shop gave no buyer details, so you can't write to them here."))
        return redirect("signoff:order-desk", token)
    return redirect(inquiry_of(order).get_absolute_url() + PLACE)


def composer_context(thread: Thread | None, read: object) -> dict[str, object]:
    """What a composer of the desk shows."""
    return {
        "key": new_key(),
        "seen": thread.seq if thread else 0,
        "draft": getattr(read, "draft", None),
        "draft_files": getattr(read, "draft_files", []),
        "replies": getattr(read, "replies", []),
        "accept": ACCEPT,
        "language": language_of(thread) if thread else "",
        "clocks": clocks_of(thread, now=timezone.now()) if thread else [],
        "severities": Thread.Severity.choices,
    }


@takes(FORM_MAX)
@staff(VIEW)
@require_POST
def write(request: StaffRequest, number: str) -> HttpResponse:
    """Send a message or a note about a case, keep a draft, insert a saved reply."""
    case = find_case(request.user, number)
    if request.POST.get("kind") != Post.Kind.NOTE:
        require_permission(request.user, REVIEW)  # who may only write notes makes no thread for a message
    return _write(request, thread_of(case), case.get_absolute_url())


@takes(FORM_MAX)
@staff(REVIEW)
@require_POST
def write_inquiry(request: StaffRequest, token: str) -> HttpResponse:
    """The same about an order without a case."""
    thread = find_inquiry(token)
    return _write(request, thread, thread.get_absolute_url())


def _write(request: StaffRequest, thread: Thread, back: str) -> HttpResponse:
    button, _colon, key = request.POST.get("do", "").partition(":")
    if button == "reply":
        return _insert(request, thread, back, key or request.POST.get("reply", ""))

    def post(sent: Sent, out: Outgoing) -> Post:
        action = post_note if sent.kind == Post.Kind.NOTE else post_message
        return action(thread, by=request.user, out=out)

    def confirm(post: Post) -> None:
        if post.is_note:
            offer_undo(request, _("Note saved."), kind="note", thread=thread.token, seq=post.seq)
        else:
            messages.success(request, _("Message sent."))

    return handle_composer(
        request,
        thread,
        user=request.user,
        back=back,
        post=post,
        confirm=confirm,
        next_page=lambda sent: next_page(request, back) if sent.do == "next" else back,  # undo is at its top
    )


def take_note_back_from_message(*, by: User, thread: str, seq: int) -> str:
    """Undo a note, for ``signoff.web.undo``; returns the page with its composer."""
    found = _thread(by, thread)
    take_note_back(found, seq=seq, by=by)
    return found.get_absolute_url() + PLACE


def next_page(request: StaffRequest, back: str) -> str:
    """Where "Send · next case" leads: the next case of the queue, which is then the user's."""
    if not request.user.has_perm(REVIEW):
        return back
    case = take_next(by=request.user)
    if case is None:
        messages.info(request, _("No unassigned case is waiting for a decision. Check back later."))
        return reverse("returns:case-list")
    return case.get_absolute_url()


def _insert(request: StaffRequest, thread: Thread, back: str, key: str) -> HttpResponse:
    """Put a saved reply into the draft; nothing is sent. Without a key only what was typed is kept."""
    words = ""
    if key := key.strip():
        try:
            words = fill_reply(SavedReply.objects.get(key=key.lower()), thread, by=request.user)
        except SavedReply.DoesNotExist:
            messages.error(request, _("There is no saved reply “%(key)s”. Choose one of the list.") % {"key": key[:30]})
        except TemplateSyntaxError as error:
            messages.error(request, str(error))
    insert_words(request, thread, user=request.user, words=words)
    return redirect(back + PLACE)


@staff(ERASE)
def erase(request: StaffRequest, token: str) -> HttpResponse:
    """Ask once, saying what follows, then erase the words and files of a conversation."""
    thread = _thread(request.user, token)
    form = StepForm(request.POST or None, initial={"seen": thread.seq})

    def page() -> HttpResponse:
        context = {"thread": thread, "form": form, "contents": contents_of(thread)}
        return render(request, "feedback/desk/erase.html", context)

    return handle_form(
        request,
        form,
        page=page,
        action=partial(erase_conversation, thread, by=request.user),
        done=_("The conversation is erased."),
        next_page=thread.get_absolute_url(),
        refusals={AnsweredMeanwhile: show_error_message(request, next_page=thread.get_absolute_url())},
    )


def _thread(user: User, token: str) -> Thread:
    """The conversation of a case or an inquiry, for those who may see it. Raises ``Http404``, ``PermissionDenied``."""
    rows = Thread.objects.select_related("case", "order", "shop", "customer", "erased_by")
    thread = get_object_or_404(rows, token=token)
    if thread.case:
        find_case(user, thread.case.number)
    else:
        require_permission(user, REVIEW)
    return thread


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10
