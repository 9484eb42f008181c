"""The deeds of this floor."""

from feedback.actions.delivering import tell_deliveries
from feedback.actions.outbox import NotFailed, send_again, send_due
from feedback.actions.survey import AlreadyAnswered, answer, answer_and_close, ask
from feedback.actions.writing import read_logbook

__all__ = [
    "AlreadyAnswered",
    "NotFailed",
    "answer",
    "answer_and_close",
    "ask",
    "read_logbook",
    "send_again",
    "send_due",
    "tell_deliveries",
]
