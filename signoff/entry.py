"""A shopper's entry: which orders this browser has proved to own, kept in its session."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

KEY = "entered_orders"
LASTS = timedelta(hours=12)


def grant(request: HttpRequest, order_id: int) -> None:
    """Let this browser see the order for ``LASTS``; the session gets a new key."""
    entries = _live(request)
    entries[str(order_id)] = (timezone.now() + LASTS).isoformat()
    request.session.cycle_key()
    request.session[KEY] = entries


def entered_orders(request: HttpRequest) -> list[int]:
    """Primary keys of the orders this browser may see now."""
    return [int(order_id) for order_id in _live(request)]


def has_entry(request: HttpRequest) -> bool:
    return bool(_live(request))


def leave(request: HttpRequest) -> None:
    """Forget every entry of this browser."""
    request.session.pop(KEY, None)


def _live(request: HttpRequest) -> dict[str, str]:
    now = timezone.now()
    entries = request.session.get(KEY, {})
    return {order_id: until for order_id, until in entries.items() if datetime.fromisoformat(until) > now}
