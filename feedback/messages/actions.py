"""Write messages: one outbox row for a logbook entry or for news of a parcel."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.template import TemplateSyntaxError

from feedback.messages.facts import facts_of_inquiry
from feedback.messages.topics import compose, topic_of, words_for
from feedback.models import Message, MessageTemplate, Post
from feedback.surveys.actions import send_survey
from returns.logbook.reader import read
from returns.models import Case, LogEntry
from signoff.jobs import wake
from signoff.models import Parcel

logger = logging.getLogger(__name__)
READER = "messages"
BROKEN = (MessageTemplate.DoesNotExist, TemplateSyntaxError)


def read_logbook() -> int:
    """Make the messages for all new entries; returns how many entries were read."""
    return read(READER, write_message)


def write_message(entry: LogEntry) -> Message | None:
    """The message about one entry, made once; None where there is no message for it or no address.

    Imported cases of the past get no messages. A broken template is logged and does not stop the next.
    """
    topic, case = topic_of(entry), entry.case
    if topic is None or case.channel == Case.Channel.IMPORT:
        return None
    if topic == "survey":
        send_survey(case, now=entry.at)
    if not (case.customer and case.customer.email):
        return None
    try:
        words = compose(entry, topic)
    except BROKEN:
        logger.exception("No message about entry %s of case %s", entry.seq, case.number)
        return None
    defaults = {
        "case": case,
        "entry": entry,
        "language": words.language,
        "to": case.customer.email,
        "subject": words.subject,
        "text": words.text,
        "created_at": entry.at,
        "next_try_at": entry.at,
    }
    return Message.objects.get_or_create(topic=topic, dedupe_key=f"{case.number}/{entry.seq}", defaults=defaults)[0]


def write_about(parcel: Parcel, topic: str, facts: Callable[[], dict[str, str]], *, at: datetime) -> bool:
    """Make the next message of this topic about a parcel that the caller has locked.

    False if the template is broken, which is logged; the message is then still to be written. Without an e-mail address
    there is nothing to write, which counts as done.
    """
    customer = parcel.order.customer
    if not (customer and customer.email):
        return True
    try:
        words = words_for(topic, customer.language, facts)
    except BROKEN:
        logger.exception("No message %s about parcel %s", topic, parcel.pk)
        return False
    seq = Message.objects.filter(parcel=parcel, topic=topic).count() + 1
    Message.objects.create(
        parcel=parcel,
        topic=topic,
        dedupe_key=f"{parcel.token}/{seq}",
        language=words.language,
        to=customer.email,
        subject=words.subject,
        text=words.text,
        created_at=at,
        next_try_at=at,
    )
    return True


def write_about_inquiry(post: Post) -> Message | None:
    """The mail with a message of staff about an order without a case, made once; None where there is no address.

    A broken template is logged; the message is in the thread all the same.
    """
    thread = post.thread
    customer = thread.customer
    if not (customer and customer.email):
        return None
    try:
        words = words_for("inquiry", customer.language, partial(facts_of_inquiry, post))
    except BROKEN:
        logger.exception("No mail about post %s of inquiry %s", post.seq, thread.pk)
        return None
    transaction.on_commit(wake, robust=True)
    return Message.objects.create(
        thread=thread,
        topic="inquiry",
        dedupe_key=f"{thread.token}/{post.seq}",
        language=words.language,
        to=customer.email,
        subject=words.subject,
        text=words.text,
        created_at=post.written_at,
        next_try_at=post.written_at,
    )
