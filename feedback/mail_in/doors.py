"""Store a mail as it arrived, whatever the door, and wake the workers."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from feedback.mail_in.rules import head_of
from feedback.models import InboundMail
from signoff.jobs import wake
from signoff.web.hashing import keyed_hash


def store_mail(raw: bytes, *, door: str, size: int | None = None, now: datetime | None = None) -> InboundMail:
    """Keep a mail until a worker has processed it. The same mail a second time gives the first row.

    ``size`` where ``raw`` is only the head of a mail that is too large.
    """
    row, is_new = InboundMail.objects.get_or_create(
        digest=digest_of(raw),
        defaults={"door": door, "raw": raw, "size": size or len(raw), "received_at": now or timezone.now()},
    )
    if is_new:
        transaction.on_commit(wake, robust=True)
    return row


def digest_of(raw: bytes) -> str:
    """Names a mail: keyed hash of its Message-ID and its body.

    Not of the other headers, because each server on the way adds its own. With the body, because a Message-ID is what
    the sender says: a second mail with the same one must not be lost.
    """
    message_id, body = head_of(raw)
    return keyed_hash("inbound_mail", f"{message_id}\n{hashlib.sha256(body.strip()).hexdigest()}")
