"""Text messages (SMS) through the channel that the settings name."""

from signoff.sms.channels import NotSent, Refused, Text, send
from signoff.sms.numbers import international

__all__ = ["NotSent", "Refused", "Text", "international", "send"]
