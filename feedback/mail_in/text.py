"""Sentences that stand in brackets under the words of a mail, in the shopper's language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.mail_in.rules import MAX_ATTACHMENTS, MAX_TEXT, ParsedMail


def other_sender(sender: str) -> str:
    """Why these words may be somebody else's."""
    if not sender:
        return _("Sent without a sender's address. We can't tell whether you wrote this.")
    return _("Sent from another address: %(sender)s. We can't tell whether you wrote this.") % {"sender": sender}


def too_large() -> str:
    return _("This e-mail was larger than 25 MB, so it was not opened. Please send its files in smaller ones.")


def too_complex() -> str:
    return _("This e-mail had too many parts, so it was not opened. Please write it again.")


def limits_of(mail: ParsedMail) -> list[str]:
    """What was left out because of a limit."""
    words = []
    if mail.is_cut:
        words.append(
            _("This e-mail had more than %(limit)d characters. The rest is not shown here.") % {"limit": MAX_TEXT}
        )
    if mail.more_attachments:
        words.append(
            ngettext(
                "Only the first %(limit)d attachment was opened.",
                "Only the first %(limit)d attachments were opened.",
                MAX_ATTACHMENTS,
            )
            % {"limit": MAX_ATTACHMENTS}
        )
    return words


def with_remarks(words: str, remarks: Iterable[str]) -> str:
    """``words``, and each remark in brackets on a line of its own below."""
    return "\n\n".join(filter(None, [words, "\n".join(f"[{remark}]" for remark in remarks)]))
