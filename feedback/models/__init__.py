"""Messages to shoppers, conversations with them, and surveys with their answers."""

from feedback.models.conversation import (
    Mention,
    Post,
    PostDocument,
    PostDraft,
    PostPicture,
    ReadMark,
    SavedReply,
    Thread,
)
from feedback.models.mail_in import InboundMail, ReplyAddress
from feedback.models.messages import Message, MessageTemplate
from feedback.models.surveys import Answer, Survey

__all__ = [
    "Answer",
    "InboundMail",
    "Mention",
    "Message",
    "MessageTemplate",
    "Post",
    "PostDocument",
    "PostDraft",
    "PostPicture",
    "ReadMark",
    "ReplyAddress",
    "SavedReply",
    "Survey",
    "Thread",
]
