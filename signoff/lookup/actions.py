"""Request a code by order number and e-mail or telephone number, and enter by that code or a link.

A hit and a miss do the same work, one row each, so that neither timing nor response reveals an order. Only the worker
that sends the code distinguishes them.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signoff.db.search_text import number_key, reversed_digits
from signoff.jobs import wake
from signoff.lookup.rate_limit import count_look_up
from signoff.models import EntryCode, Order, Shop
from signoff.web.hashing import keyed_hash, matches

CODE_LIFETIME = timedelta(minutes=10)
LINK_LIFETIME = timedelta(hours=24)
TRIES = 5
CODES = 5  # that one browser can have asked for within their lifetime


@dataclass(frozen=True)
class Answer:
    """The order that was opened, or the sentence that says why not."""

    order: Order | None
    words: str = ""


def request_code(
    number: str, contact: str, *, browser: str, machine: str, shop: Shop | None = None, now: datetime | None = None
) -> None:
    """Request a code for this browser; returns nothing that reveals a match. Raises ``TooManyTries``.

    Only orders of ``shop`` are looked up, or of all. The code goes to the order's own e-mail address or telephone
    number, never to ``contact`` as it was typed.
    """
    now = now or timezone.now()
    count_look_up(
        order=number_key(number) or number,
        contact=reversed_digits(contact) or contact.casefold(),
        machine=machine,
        now=now,
    )
    orders = Order.objects.filter(shop=shop) if shop else Order.objects.all()
    order = orders.bought_by(number, contact).first()
    EntryCode.objects.create(
        order=order,
        contact=getattr(order, "contact", EntryCode.Contact.EMAIL),
        browser_hash=keyed_hash("browser", browser),
        machine_hash=keyed_hash("machine", machine),
        created_at=now,
        expires_at=now + CODE_LIFETIME,
    )
    transaction.on_commit(wake, robust=True)


@transaction.atomic
def enter_by_code(code: str, *, browser: str, now: datetime | None = None) -> Answer:
    """Use a code of this browser; a wrong one costs a try of the newest.

    Earlier codes are good until they expire, because messages come late and the fourth in an hour is not sent.
    """
    now = now or timezone.now()
    codes = EntryCode.objects.filter(browser_hash=keyed_hash("browser", browser), expires_at__gt=now - CODE_LIFETIME)
    entries = list(codes.select_for_update().order_by("-id")[:CODES])
    entry = entries[0] if entries else None
    matching = [one for one in entries if matches("code", code, one.code_hash)]
    if any(one.used_at for one in matching):
        return Answer(
            None,
            _(
                "This code has already been used. If you pressed twice, your order is open: go to the start "
                "page. Otherwise, request a new code."
            ),
        )
    if entry is None or entry.used_at or entry.expires_at <= now or entry.tries >= TRIES:
        return Answer(None, _("This code has expired. Request a new one."))
    good = [one for one in matching if one.expires_at > now and one.tries < TRIES and one.order_id is not None]
    return _use(good[0], now) if good else _cost_a_try(entry)


@transaction.atomic
def enter_by_link(token: str, *, browser: str, now: datetime | None = None) -> Answer:
    """Use the link from a mail in the browser that requested it, or an agent's link in the first browser."""
    now = now or timezone.now()
    entry = EntryCode.objects.select_for_update().filter(link_hash=keyed_hash("link", token)).first()
    if (
        entry is None
        or not (entry.made_by_id or matches("browser", browser, entry.browser_hash))
        or entry.used_at
        or entry.expires_at <= now
        or entry.tries >= TRIES
        or entry.order_id is None
    ):
        return Answer(
            None,
            _(
                "This link has expired, has been used, or was opened in another browser than the one where you "
                "requested it. Request a new code or ask us for a new link."
            ),
        )
    return _use(entry, now)


def shop_of_link(token: str) -> Shop | None:
    """The shop of the order that a link opens or has opened, for the page with its button; None if nobody made it."""
    link_hash = keyed_hash("link", token)
    entry = EntryCode.objects.filter(link_hash=link_hash).select_related("order__shop").first()
    return entry.order.shop if entry and entry.order else None


def make_link(order: Order, *, by: User, now: datetime | None = None) -> str:
    """Make a link that opens ``order`` once within ``LINK_LIFETIME``, for an agent to give to the shopper.

    Returns its token, which is stored nowhere.
    """
    now, token = now or timezone.now(), secrets.token_urlsafe(32)
    EntryCode.objects.create(
        order=order,
        made_by=by,
        link_hash=keyed_hash("link", token),
        created_at=now,
        sent_at=now,
        expires_at=now + LINK_LIFETIME,
    )
    return token


def _cost_a_try(entry: EntryCode) -> Answer:
    entry.tries += 1
    entry.save(update_fields=["tries"])
    tries_left = TRIES - entry.tries
    if not tries_left:
        return Answer(None, _("You entered a wrong code five times. Request a new one."))
    return Answer(
        None,
        ngettext(
            "That code is wrong. Use the one in our latest message. You have %(left)d try left.",
            "That code is wrong. Use the one in our latest message. You have %(left)d tries left.",
            tries_left,
        )
        % {"left": tries_left},
    )


def _use(entry: EntryCode, now: datetime) -> Answer:
    entry.used_at = now
    entry.save(update_fields=["used_at"])
    return Answer(entry.order)
