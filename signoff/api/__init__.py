"""What every operation of the API stands on: who asks, what was sent, refusals, and asking twice."""

from signoff.api.once import once
from signoff.api.refusals import ApiRefused, Refusal
from signoff.api.reply import Reply
from signoff.api.sent import NotJson, json_of
from signoff.api.tokens import TokenAuth

__all__ = ["ApiRefused", "NotJson", "Refusal", "Reply", "TokenAuth", "json_of", "once"]
