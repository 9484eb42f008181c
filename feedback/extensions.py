"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from django.utils.translation import gettext_lazy as _

from feedback.conversation.bulk import ASK, NOTE
from feedback.conversation.desk import take_note_back_from_message
from feedback.messages.listing import MESSAGES, SURVEYS
from feedback.models import (
    Answer,
    Digest,
    InboundMail,
    Message,
    Notification,
    Post,
    ReplyAddress,
    SavedReply,
    Survey,
    Thread,
)
from feedback.notifications.actions import mark_case_read
from feedback.notifications.digest import OFF
from returns.logbook.verbs import register_verb
from returns.teamwork.actions import register_visit
from signoff.bulk.registry import register_bulk_action
from signoff.db.roles import register_kept_rows
from signoff.staff.kinds import register_notification_kind
from signoff.web.desk_lists import register_list
from signoff.web.tones import register_tone
from signoff.web.undo import register_undo

Status = Message.Status


def register() -> None:
    register_kept_rows(Message, Survey, Answer, Digest, Thread, Post, SavedReply, ReplyAddress, InboundMail)
    register_visit(mark_case_read)
    register_undo("note", take_note_back_from_message)
    for code, label in Notification.Kind.choices:
        register_notification_kind(code, label)
    register_notification_kind(OFF, _("By e-mail, every morning at eight: what is still unread"))
    register_list(MESSAGES)
    register_list(SURVEYS)
    register_bulk_action(NOTE)
    register_bulk_action(ASK)
    register_tone(Status.QUEUED, "neutral")
    register_tone(Status.SENDING, "info")
    register_tone(Status.SENT, "ok")
    register_tone(Status.FAILED, "danger")
    register_verb(
        "survey_answered",
        facts=("satisfaction", "ease"),
        desk=_("Survey answered: satisfaction %(satisfaction)s of 5, ease %(ease)s of 5"),
        shopper=_("Service rated"),
        icon="star",
    )
    _register_conversation()
    register_verb("conversation_erased", desk=_("Conversation erased"), icon="eraser", tone="warn")
    register_verb("automatic_reply", desk=_("Automatic reply to an e-mail; no answer of the shopper"), icon="bot")
    register_verb(
        "mail_bounced", facts=("topic",), desk=_("An e-mail did not reach the shopper"), icon="mail-x", tone="danger"
    )


def _register_conversation() -> None:
    """Entries of a thread: their words are in the thread alone, and shoppers read them there."""
    files = ("post", "pictures", "documents")
    register_verb("message_sent", facts=files, desk=_("Message sent to the shopper"), icon="send", topic="message")
    register_verb(
        "message_received", facts=files, desk=_("Message from the shopper"), icon="message-square", tone="accent"
    )
    register_verb("note_added", facts=files, desk=_("Internal note added"), icon="lock")
    register_verb(
        "complaint_marked",
        facts=("severity",),
        desk=_("Marked as a complaint about the service"),
        icon="megaphone",
        tone="warn",
    )
