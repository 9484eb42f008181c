"""Messages to shoppers, surveys with their answers, notifications to staff."""

from feedback.models.messages import Message, MessageTemplate
from feedback.models.notifications import Digest, Notification
from feedback.models.surveys import Answer, Survey

__all__ = ["Answer", "Digest", "Message", "MessageTemplate", "Notification", "Survey"]
