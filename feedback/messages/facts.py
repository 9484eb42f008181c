"""The variables of ``feedback.messages.template_language`` and their values for a logbook entry."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from feedback.models import Post, Survey
from refunds.models import Refund, Replacement
from refunds.plans.promise import promise_of
from returns.lifecycle.states import STATES
from returns.models import Case, LogEntry, Statement
from signoff.models import Customer, Shop
from signoff.web.formatting import day, exact, money

#: steps whose messages say what the shopper gets
PROMISES = ("open", "make_offer", "accept_offer", "accept_offer_and_settle", "authorise", "settle")
BACK_TO_THE_ORDER = ("cancel", "expire")  # when only a new request helps
SAID_TO_THE_SHOPPER = (Statement.Topic.QUESTION, Statement.Topic.OFFER, Statement.Topic.REFUSAL)


def facts_of(entry: LogEntry) -> dict[str, str]:
    """The values at the time of ``entry``, in the active language; variables without a value are left out."""
    case = entry.case
    return {
        "name": name_of(case.customer),
        "shop": case.shop.name,
        "number": case.number,
        "order": case.order.number,
        "link": settings.SITE_URL + _page(entry),
        "due": _due(entry),
        "words": _words(entry),
        **_money_facts(entry),
        **_parcel_facts(entry),
    }


def _due(entry: LogEntry) -> str:
    """When the step is due: a day for a promise of the shop, day and time for a step of the shopper."""
    written = day_of if STATES[entry.target].is_ours else time_of
    return written(_stored_due(entry), entry.case.shop)


def _stored_due(entry: LogEntry) -> datetime | None:
    """When the case was due after this entry, as the step stored it; the case may have moved on since."""
    stored = Case.history.filter(id=entry.case_id, history_date__lte=entry.at).order_by("-history_date", "-history_id")
    by_key = Case.history.filter(history_id=entry.history_id) if entry.history_id else stored
    return by_key.values_list("due_at", flat=True).first()


def _page(entry: LogEntry) -> str:
    case = entry.case
    if entry.verb in BACK_TO_THE_ORDER:
        return reverse("signoff:order", args=[case.order.token])
    survey = Survey.objects.filter(case=case, answer=None).first() if entry.verb == "resolve" else None
    return reverse("feedback:survey", args=[survey.token]) if survey else reverse("returns:status", args=[case.number])


def _words(entry: LogEntry) -> str:
    """The text of staff to the shopper in this step; internal notes are left out."""
    if entry.verb == "message_sent":
        sent = Post.objects.filter(thread__case=entry.case_id, log_seq=entry.seq, kind=Post.Kind.MESSAGE).first()
        return words_of(sent) if sent else ""
    statement = Statement.objects.filter(case=entry.case_id, seq=entry.seq, topic__in=SAID_TO_THE_SHOPPER).first()
    return statement.words if statement else ""


def words_of(post: Post) -> str:
    """What a message says, and how many files are with it: they are on the page, not in the mail."""
    files = post.postpictures.count() + post.postdocuments.count()
    attached = ngettext(
        "%(files)d attachment: you'll find it on the page.",
        "%(files)d attachments: you'll find them on the page.",
        files,
    ) % {"files": files}
    return "\n\n".join(filter(None, [post.words, attached if files else ""]))


def facts_of_inquiry(post: Post) -> dict[str, str]:
    """The values for a message about an order without a case, in the active language."""
    order = post.thread.order
    return {
        "name": name_of(post.thread.customer),
        "shop": order.shop.name,
        "order": order.number,
        "link": settings.SITE_URL + reverse("signoff:order", args=[order.token]),
        "words": words_of(post),
    }


def _money_facts(entry: LogEntry) -> dict[str, str]:
    if entry.verb in PROMISES:
        return _promised(entry)
    if entry.verb != "refund_paid":
        return {}
    refund = Refund.objects.filter(token=entry.facts["refund"]).first()
    return {
        "amount": money(Decimal(entry.facts["amount"]), entry.facts["currency"]),
        "reference": refund.provider_reference if refund else "",
    }


def _promised(entry: LogEntry) -> dict[str, str]:
    """What the shopper gets or would get, by which way, and who pays the way back."""
    promise = promise_of(entry.case)
    if promise is None:
        return {}
    return {
        "amount": promise.shown if promise.amount else "",
        "method": promise.method if promise.amount else "",
        "freight": promise.freight,
    }


def _parcel_facts(entry: LogEntry) -> dict[str, str]:
    if entry.verb != "replacement_sent":
        return {}
    replacements = list(Replacement.objects.filter(parcel__token=entry.facts["parcel"]).select_related("parcel"))
    return {
        "reference": str(replacements[0].parcel) if replacements else "",
        "goods": "\n".join(str(replacement) for replacement in replacements),
    }


def name_of(customer: Customer | None) -> str:
    """The shopper's name for the greeting, on one line."""
    name = " ".join(customer.name.split()) if customer else ""
    return name or pgettext("greeting of somebody without a name", "there")


def day_of(moment: datetime | None, shop: Shop) -> str:
    """The day of a moment in the shop's time zone."""
    return day(moment, shop.time_zone) if moment else ""


def time_of(moment: datetime | None, shop: Shop) -> str:
    """The day and time of a moment in the shop's time zone."""
    return exact(moment, shop.time_zone) if moment else ""
