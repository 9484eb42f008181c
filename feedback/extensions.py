"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from django.utils.translation import gettext_lazy as _

from feedback.messages.listing import MESSAGES, SURVEYS
from feedback.models import Answer, Message, Survey
from returns.logbook.verbs import register_verb
from signoff.db.roles import register_kept_rows
from signoff.web.desk_lists import register_list
from signoff.web.tones import register_tone

Status = Message.Status


def register() -> None:
    register_kept_rows(Message, Survey, Answer)
    register_list(MESSAGES)
    register_list(SURVEYS)
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
