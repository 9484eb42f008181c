"""Messages to shoppers, and surveys with their answers."""

from feedback.models.messages import Message, MessageTemplate
from feedback.models.surveys import Answer, Survey

__all__ = ["Answer", "Message", "MessageTemplate", "Survey"]
