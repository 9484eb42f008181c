"""Reply addresses: ``reply+TOKEN@domain``, one for each case and one for each order without a case.

A token is random and says nothing; the database holds it encrypted, and a keyed hash of it to find it by.
"""

import secrets

from django.conf import settings
from django.db import IntegrityError, transaction

from feedback.models import Message, ReplyAddress
from returns.models import Case
from signoff.models import Order
from signoff.web.hashing import keyed_hash

PURPOSE = "reply_address"
BYTES = 16  # of a token; in hex, because mail servers may change the case of letters


def reply_address_of(message: Message) -> str:
    """The address that answers to this message go to; "" where no domain takes mail (``settings.REPLY_DOMAIN``)."""
    if not settings.REPLY_DOMAIN:
        return ""
    return f"reply+{token_of(message.matter)}@{settings.REPLY_DOMAIN}"


def token_of(matter: Case | Order) -> str:
    """The token of a case or order; made when it is first needed, and anew if its key was lost."""
    about = {"case": matter} if isinstance(matter, Case) else {"order": matter}
    address = ReplyAddress.objects.filter(**about).first()
    if address and address.token:
        return address.token
    token = secrets.token_hex(BYTES)
    values = {"token": token, "digest": keyed_hash(PURPOSE, token)}
    if address:
        ReplyAddress.objects.filter(pk=address.pk).update(**values)
        return token
    try:
        with transaction.atomic():
            ReplyAddress.objects.create(**about, **values)
    except IntegrityError:  # another worker was faster
        return ReplyAddress.objects.get(**about).token
    return token


def find_address(token: str) -> ReplyAddress | None:
    """The address with this token. Found by a keyed hash, so that timing tells nothing about tokens."""
    rows = ReplyAddress.objects.select_related("case__customer", "case__shop", "order__customer", "order__shop")
    return rows.filter(digest=keyed_hash(PURPOSE, token.lower())).first()
