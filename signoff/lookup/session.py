"""Orders that a browser has opened, stored in its session."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from signoff.models import Order, Shop
from signoff.web.client import BROWSER

KEY, WANTED, ARRIVING, CONTACT = "entered_orders", "wanted_page", "arriving_at", "asked_contact"
SHOP = "shop"
ENTRY_LIFETIME = timedelta(hours=12)


def grant_entry(request: HttpRequest, order_id: int) -> None:
    """Let this browser see the order for ``ENTRY_LIFETIME``, in a session with a new key.

    The old session stays unchanged, so that a second click that is still using it does not remove the new cookie. The
    browser's identifier is not copied, because an attacker may have planted it.
    """
    entries = _valid_entries(request)
    entries[str(order_id)] = (timezone.now() + ENTRY_LIFETIME).isoformat()
    request.session.create()  # with a new key and the data of the old session
    request.session.pop(BROWSER, None)
    request.session[KEY] = entries


def entered_orders(request: HttpRequest) -> list[int]:
    """Primary keys of the orders this browser may see now."""
    return [int(order_id) for order_id in _valid_entries(request)]


def has_entry(request: HttpRequest) -> bool:
    return bool(_valid_entries(request))


def leave(request: HttpRequest) -> None:
    """Forget every entry of this browser."""
    for key in (KEY, WANTED, ARRIVING, CONTACT, SHOP):
        request.session.pop(key, None)


def remember_contact(request: HttpRequest, contact: str) -> None:
    """Store what was typed, so that the next page can say where the code would be."""
    request.session[CONTACT] = contact


def asked_contact(request: HttpRequest) -> str:
    """The e-mail address or telephone number for which this browser last asked for a code."""
    return request.session.get(CONTACT, "")


def remember_shop(request: HttpRequest, shop: Shop | None) -> None:
    """Store at whose start page an order was looked up; None for the start page of all shops."""
    request.session.pop(SHOP, None)
    if shop is not None:
        request.session[SHOP] = shop.slug


def remembered_shop(request: HttpRequest) -> Shop | None:
    """The shop at whose start page this browser last looked an order up, if it is still there.

    None for a request that was refused before it had a session.
    """
    session = getattr(request, "session", {})
    slug = session.get(SHOP, "")
    return Shop.objects.filter(slug=slug).first() if slug else None


def start_page(shop: Shop | None) -> str:
    """The page that looks orders up: the shop's own, or the one of all shops."""
    return reverse("signoff:find-in-shop", args=[shop.slug]) if shop else reverse("signoff:find")


def remember_page(request: HttpRequest) -> None:
    """Store the page requested before entry, such as a link in a mail; embedded requests are ignored."""
    if request.method == "GET" and request.headers.get("Sec-Fetch-Dest", "document") == "document":
        request.session[WANTED] = request.get_full_path()


def page_after_entry(request: HttpRequest, order: Order) -> str:
    """The page requested before ``order`` was opened, else the order's page; returned once."""
    home = reverse("signoff:order", args=[order.token])
    target = request.session.pop(WANTED, None)
    if target:
        request.session[ARRIVING] = {target: home}
    return target or home


def fallback_page(request: HttpRequest) -> str | None:
    """The page of the order that was just opened, if the requested page belongs to another."""
    if request.method != "GET" or ARRIVING not in request.session:
        return None
    return request.session.pop(ARRIVING).get(request.get_full_path())


def _valid_entries(request: HttpRequest) -> dict[str, str]:
    now = timezone.now()
    entries = request.session.get(KEY, {})
    return {order_id: until for order_id, until in entries.items() if datetime.fromisoformat(until) > now}
