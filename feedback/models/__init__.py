"""Messages to shoppers, conversations with them, surveys with their answers, notifications to staff."""

from feedback.models.conversation import (
    Mention,
    Post,
    PostDocument,
    PostDraft,
    PostPicture,
    ReadMark,
    Thread,
)
from feedback.models.mail_in import InboundMail, ReplyAddress
from feedback.models.messages import Message, MessageTemplate
from feedback.models.notifications import Digest, Notification
from feedback.models.saved_replies import SavedReply
from feedback.models.surveys import Answer, Survey

__all__ = [
    "Answer",
    "Digest",
    "InboundMail",
    "Mention",
    "Message",
    "MessageTemplate",
    "Notification",
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
