"""What we tell the shopper and what they tell us."""

from feedback.models.messages import Message, MessageTemplate
from feedback.models.surveys import Answer, Survey

__all__ = ["Answer", "Message", "MessageTemplate", "Survey"]
