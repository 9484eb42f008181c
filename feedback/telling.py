"""From a logbook entry to the words of a message. Which steps are told, and with which facts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, Engine
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import MessageTemplate, Survey
from refunds.models import Refund, Replacement
from returns.models import LogEntry, Statement
from signoff.wording import money

#: what the shopper hears about: verb of the logbook → topic of the message
TOPICS = {
    "open": "received",
    "request_information": "information_wanted",
    "offer": "offered",
    "authorise": "authorised",
    "reject": "rejected",
    "receive": "goods_received",
    "settle": "settling",
    "refund_paid": "refunded",
    "replacement_sent": "replacement_sent",
    "resolve": "survey",
    "withdraw": "withdrawn",
    "expire": "expired",
}
# Nothing can be loaded or included: templates come from people.
_ENGINE = Engine(autoescape=False, string_if_invalid="", libraries={}, loaders=[])


def compose(entry: LogEntry, topic: str) -> tuple[str, str]:
    """Subject and text for the shopper in the case's language. Raises ``MessageTemplate.DoesNotExist``."""
    language = entry.case.language
    template = _template(topic, language)
    with translation.override(language):
        context = Context(facts_of(entry))
        subject = _ENGINE.from_string(template.subject).render(context)
        text = _ENGINE.from_string(template.body).render(context)
    return " ".join(subject.split()), text.strip()


def facts_of(entry: LogEntry) -> dict[str, str]:
    """Every variable a template may use, in the active language; empty where the step has none."""
    case = entry.case
    statement = Statement.objects.filter(case=case, seq=entry.seq).first()
    return {
        "name": (case.customer and case.customer.name) or _("customer"),
        "shop": case.shop.name,
        "number": case.number,
        "order": case.order.number,
        "link": _link(entry),
        "due": _day(case.due_at, case.shop.time_zone) if case.due_at else "",
        "words": statement.words if statement else "",
        **_money_facts(entry),
        **_parcel_facts(entry),
    }


def _template(topic: str, language: str) -> MessageTemplate:
    """The template in the language wanted, or the English one."""
    templates = {found.language: found for found in MessageTemplate.objects.filter(topic=topic)}
    if not templates:
        raise MessageTemplate.DoesNotExist(topic)
    return templates.get(language) or templates.get(settings.LANGUAGE_CODE) or next(iter(templates.values()))


def _link(entry: LogEntry) -> str:
    case = entry.case
    if entry.verb in ("withdraw", "expire"):
        return settings.SITE_URL + reverse("signoff:order", args=[case.order.token])
    if entry.verb == "resolve":
        survey = Survey.objects.filter(case=case).first()
        if survey:
            return settings.SITE_URL + reverse("feedback:survey", args=[survey.token])
    return settings.SITE_URL + reverse("returns:status", args=[case.number])


def _money_facts(entry: LogEntry) -> dict[str, str]:
    refund = Refund.objects.filter(token=entry.facts.get("refund", "")).first()
    if refund is None:
        return {}
    return {
        "amount": money(refund.amount, refund.currency),
        "how": refund.get_gateway_display(),
        "reference": refund.provider_reference,
    }


def _parcel_facts(entry: LogEntry) -> dict[str, str]:
    if entry.verb != "replacement_sent":
        return {}
    sent = Replacement.objects.filter(case=entry.case, parcel__isnull=False).order_by("sent_at").last()
    return {"reference": str(sent.parcel) if sent else ""}


def _day(moment: datetime, zone: str) -> str:
    return date_format(moment.astimezone(ZoneInfo(zone)), "DATE_FORMAT")
