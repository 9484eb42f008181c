"""Topics: which logbook entries become messages, and the texts of each message."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.messages.facts import facts_of
from feedback.messages.template_language import fill
from feedback.models import Answer, Message, MessageTemplate
from refunds.models import Refund
from refunds.payees.queries import needs_payee, payee_of
from returns.logbook.verbs import find_verb
from returns.models import Case, LogEntry
from signoff.models import ExceptionKind, SignOff

#: channel of a sign-off → topic; sign-offs given by the shopper or their household have the usual one
TOPIC_OF_SIGNATURE = {SignOff.Channel.CARRIER: "signed_by_carrier", SignOff.Channel.TIMER: "signed_by_time"}
USUAL_SIGNATURE = "parcel_signed"
TOPICS_OF_SIGNATURES = (USUAL_SIGNATURE, *TOPIC_OF_SIGNATURE.values())
#: parcel exception → topic, the worst first
TOPIC_OF_EXCEPTION: dict[str, str] = {
    ExceptionKind.LOST: "delivery_lost",
    ExceptionKind.RETURNED: "delivery_returned",
    ExceptionKind.DAMAGED: "delivery_damaged",
    ExceptionKind.SILENT: "delivery_silent",
    ExceptionKind.LATE: "delivery_late",
}
#: every topic, in the order of a parcel's and then of a case's life, as the desk calls it
TOPICS: dict[str, Promise] = {
    "delivery_late": _("Parcel delayed"),
    "delivery_silent": _("No tracking updates"),
    "delivery_damaged": _("Parcel damaged in transit"),
    "delivery_returned": _("Parcel returned to sender"),
    "delivery_lost": _("Parcel lost"),
    "parcel_delivered": _("Delivered, awaiting sign-off"),
    "sign_off_due": _("Sign-off reminder"),
    "parcel_signed": _("Sign-off receipt"),
    "signed_by_carrier": _("Signed off by proof of delivery"),
    "signed_by_time": _("Signed off automatically"),
    "inquiry": _("Answer to a question about an order"),
    "received": _("Request received"),
    "message": _("Message"),
    "information_wanted": _("Question to the shopper"),
    "offered": _("Counter-offer"),
    "offer_lapsed": _("Counter-offer expired"),
    "authorised": _("Approved, waiting for the goods"),
    "rejected": _("Rejected"),
    "appealed": _("Appeal received"),
    "goods_received": _("Goods received"),
    "parcel_lost": _("Return parcel lost"),
    "settling": _("Being completed"),
    "payee_wanted": _("Question for a bank account"),
    "refunded": _("Refund paid"),
    "credited": _("Store credit added"),
    "replacement_sent": _("Parcel sent"),
    "survey": _("Resolved, with survey"),
    "settled": _("Resolved again"),
    "reopened": _("Reopened"),
    "cancelled": _("Cancelled"),
    "expired": _("Expired"),
}


@dataclass(frozen=True)
class Words:
    """A message ready for the outbox."""

    language: str
    subject: str
    text: str


def topic_of(entry: LogEntry) -> str | None:
    """The topic of the message about ``entry``; None if no message is needed.

    A payment on its way is not announced after it has arrived, and there is one survey for each case.
    """
    verb = find_verb(entry.verb, channel=entry.facts.get("channel", ""))
    topic = verb.topic if verb else ""
    if topic == "settling" and entry.case.status != Case.Status.SETTLING:
        return None
    if topic == "payee_wanted" and (payee_of(entry.case) or not needs_payee(entry.case)):
        return None
    if topic == "refunded" and entry.facts["gateway"] == Refund.Gateway.STORE_CREDIT:
        return "credited"
    if topic == "survey" and Answer.objects.filter(survey__case=entry.case_id).exists():
        return "settled"
    return topic or None


def topic_of_signature(sign_off: SignOff) -> str:
    """The topic of a sign-off's receipt."""
    return TOPIC_OF_SIGNATURE.get(SignOff.Channel(sign_off.channel), USUAL_SIGNATURE)


def compose(entry: LogEntry, topic: str) -> Words:
    """The message in the case's language, else in English. Raises as ``words_for``."""
    return words_for(topic, entry.case.language, partial(facts_of, entry))


def words_for(topic: str, language: str, facts_in_it: Callable[[], dict[str, str]]) -> Words:
    """The topic's text in ``language``, else in English; ``facts`` is called while that language is active.

    Raises ``MessageTemplate.DoesNotExist``, and ``TemplateSyntaxError`` for a broken template.
    """
    template = _template(topic, language)
    with translation.override(template.language):
        facts = facts_in_it()
        subject, text = fill(template.subject, facts), fill(template.body, facts)
    longest = Message._meta.get_field("subject").max_length
    return Words(template.language, " ".join(subject.split())[:longest], text.strip())


def _template(topic: str, language: str) -> MessageTemplate:
    templates = {template.language: template for template in MessageTemplate.objects.filter(topic=topic)}
    template = templates.get(language) or templates.get(settings.LANGUAGE_CODE)
    if template is None:
        raise MessageTemplate.DoesNotExist(topic)
    return template
