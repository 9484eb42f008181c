"""Writing messages: the logbook is read, and each step the shopper hears about becomes one outbox row."""

import logging

from django.template import TemplateSyntaxError

from feedback.actions.survey import ask
from feedback.models import Message, MessageTemplate
from feedback.reading import read
from feedback.telling import compose, topic_of
from returns.models import Case, LogEntry

logger = logging.getLogger(__name__)
READER = "messages"


def read_logbook() -> int:
    """Make the messages for all new entries; returns how many entries were read."""
    return read(READER, write_message)


def write_message(entry: LogEntry) -> Message | None:
    """The message about one entry, made once; None where the shopper is not told or cannot be.

    Imported cases of the past are not told about. A broken template is logged and does not stop the next.
    """
    topic, case = topic_of(entry), entry.case
    if topic is None or case.channel == Case.Channel.IMPORT:
        return None
    if topic == "survey":
        ask(case, now=entry.at)
    if not (case.customer and case.customer.email):
        return None
    try:
        words = compose(entry, topic)
    except (MessageTemplate.DoesNotExist, TemplateSyntaxError):
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
