"""Template tags for pages of other apps: messages, conversations and the survey of a case."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from feedback.conversation.actions import mark_read, mark_read_by_shopper
from feedback.conversation.composer import ACCEPT, new_key
from feedback.conversation.desk import composer_context
from feedback.conversation.entries import items_for_shopper, items_for_staff, items_of_inquiry, link_to, window_of
from feedback.conversation.queries import read_case_for_shopper, read_case_for_staff, read_inquiry_for_shopper
from feedback.conversation.rules import split_words
from feedback.messages.topics import TOPICS
from feedback.models import Message, PostPicture, Thread
from feedback.surveys.queries import survey_of
from returns.lifecycle.states import STATES
from returns.models import Case
from returns.permissions import REVIEW
from signoff.models import Order
from signoff.web.access import may_see_amounts
from signoff.web.lists import choice_of, tabs_of

register = template.Library()

SHOWN = 10  # a panel is not the list; it links there
#: filters of the thread on the case page
TABS = {
    "all": _("All"),
    "shopper": _("With the shopper"),
    "notes": _("Notes"),
    "events": _("What happened"),
}


@register.filter
def topic_name(topic: str) -> str:
    """The topic as the desk calls it."""
    return str(TOPICS.get(topic, topic))


@register.simple_tag(takes_context=True)
def case_conversation(context: Context, case: Case) -> dict[str, Any]:
    """``{% case_conversation case as talk %}``: the thread of a case for the desk, its composer, and its mails.

    One query, where the case was prefetched for its page; one statement more when there is something unread.
    """
    request = context["request"]
    user, query = request.user, request.GET
    show: Any = choice_of(query, "thread", TABS, default="all")
    before = query.get("before", "")
    window = window_of(case, show=show, before=int(before) if before.isdecimal() and len(before) < 10 else 0)
    read = read_case_for_staff(case, user, window.seqs)
    if read.thread and read.seen < read.thread.seq:
        mark_read(read.thread, by=user, seq=read.thread.seq)
    audience: Any = "desk" if may_see_amounts(user) else "bench"
    labels = TABS | {"shopper": _("With %(name)s") % {"name": case.customer}} if case.customer else TABS
    tabs = tabs_of(
        labels,
        active=show,
        url=lambda name: f"?thread={name}#conversation",
        counts={name: str(count) for name, count in window.counts.items() if name != "all"},
    )
    return {
        "items": items_for_staff(case, read, window, show=show, audience=audience, user=user),
        "earlier": f"?thread={show}&before={window.earlier}#conversation" if window.earlier else "",
        "is_past": bool(before),
        "tabs": tabs,
        "thread": read.thread,
        "inquiry": read.inquiry,
        "write_url": reverse("feedback:case-write", args=[case.number]),
        "complaint_url": reverse("feedback:case-complaint", args=[case.number]),
        "may_send": user.has_perm(REVIEW),
        "with_next": True,
        "mails": read.mails[:SHOWN] if _may_see(context) else [],
        **composer_context(read.thread, read),
    }


@register.inclusion_tag("feedback/portal/conversation.html", takes_context=True)
def shopper_conversation(context: Context, case: Case) -> dict[str, Any]:
    """``{% shopper_conversation case %}``: messages about the case, and a composer while it is open.

    While the case waits for an answer, the form of the answer is the place to write.
    """
    window = window_of(case, show="shopper")
    read = read_case_for_shopper(case, window.seqs)
    items = items_for_shopper(case, read, window)
    if read.thread and read.seen < read.thread.seq:
        mark_read_by_shopper(read.thread, seq=read.thread.seq)
    is_open = not STATES[case.status].is_finished and case.status != Case.Status.WAITING_ON_SHOPPER
    return {
        "items": items,
        "shop": case.shop,
        "write_url": reverse("feedback:shopper-write", args=[case.number]),
        "may_write": is_open and case.customer is not None,
        "title": _("Conversation"),
        "csrf_token": context.get("csrf_token"),
        **_shoppers_composer(read),
    }


@register.inclusion_tag("feedback/portal/conversation.html", takes_context=True)
def inquiry_panel(context: Context, order: Order) -> dict[str, Any]:
    """``{% inquiry_panel order %}``: questions about an order; asked here while it has no open case."""
    read = read_inquiry_for_shopper(order)
    items = items_of_inquiry(read, user=None)
    if read.thread and read.seen < read.thread.seq:
        mark_read_by_shopper(read.thread, seq=read.thread.seq)
    return {
        "items": items,
        "shop": order.shop,
        "write_url": reverse("feedback:shopper-ask", args=[order.token]),
        "may_write": order.customer_id is not None and (bool(items) or not read.open_cases),
        "title": _("Ask us a question"),
        "csrf_token": context.get("csrf_token"),
        **_shoppers_composer(read),
    }


def _shoppers_composer(read: Any) -> dict[str, Any]:
    return {"key": new_key(), "draft": read.draft, "draft_files": read.draft_files, "accept": ACCEPT}


@register.filter
def post_words(words: str) -> SafeString:
    """Words of a message for the desk: mentions marked, numbers of cases linked, line breaks kept, all escaped.

    Whether there is such a case is not asked; its page says so.
    """
    return mark_safe("".join(_marked(part, kind) for part, kind in split_words(words)).replace("\n", "<br>"))


def _marked(part: str, kind: str) -> str:
    match kind:
        case "mention":
            return format_html('<span class="mention">{}</span>', part)
        case "case":
            return format_html('<a href="{}">{}</a>', reverse("returns:case", args=[part.upper()]), part)
    return conditional_escape(part)


@register.filter
def draft_picture(attached: Any) -> dict[str, Any] | None:
    """The link of a draft's picture; None for a PDF."""
    return link_to(attached) if isinstance(attached, PostPicture) else None


@register.simple_tag(takes_context=True)
def order_messages(context: Context, order: Order) -> dict[str, Any]:
    """``{% order_messages order as talk %}``: the order's inquiry, and mails about it and about the order's parcels.

    Its cases have a panel each. Two queries where the parcels were prefetched.
    """
    may_see, may_write = _may_see(context), _may(context, "returns", "review_case")
    if not (may_see or may_write):
        return {}
    inquiry = Thread.objects.filter(order=order, case=None).first()
    keys = {"parcels": [parcel.pk for parcel in order.parcels.all()], "threads": [inquiry.pk] if inquiry else []}
    return {
        "messages": list(Message.objects.with_keys(**keys)[:SHOWN]) if may_see else [],
        "inquiry": inquiry,
        "may_write": may_write,
    }


@register.simple_tag(takes_context=True)
def inquiries_of(context: Context, orders: Iterable[Order]) -> dict[int, Thread]:
    """``{% inquiries_of orders as inquiries %}``: by order key, for those who may answer; one query for a list."""
    keys = [order.pk for order in orders] if _may(context, "returns", "review_case") else []
    return {thread.order_id: thread for thread in Thread.objects.inquiries().filter(order__in=keys)} if keys else {}


@register.inclusion_tag("feedback/desk/_inquiry_link.html")
def inquiry_link(order: Order, inquiries: Any) -> dict[str, Any]:
    """``{% inquiry_link order inquiries %}``: the link to the inquiry of an order and whether it is answered."""
    return {"inquiry": inquiries.get(order.pk) if inquiries else None}


@register.inclusion_tag("feedback/portal/survey_panel.html")
def survey_panel(case: Case) -> dict[str, Any]:
    """``{% survey_panel case %}``: the link to the shopper's survey, or the answer."""
    survey = survey_of(case)
    return {"survey": survey, "answer": getattr(survey, "answer", None)}


def _may_see(context: Context) -> bool:
    return _may(context, "feedback", "view_message")


def _may(context: Context, app: str, right: str) -> bool:
    perms = context.get("perms")
    return bool(perms and perms[app][right])
