"""Orders as the desk sees them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from signoff.access import staff
from signoff.discretion import may_know
from signoff.dossier import open_order
from signoff.models import Order
from signoff.oddities import words_of
from signoff.paging import Page, page_by_key
from signoff.receipt import paid_rows


@staff("signoff.view_order")
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """The newest orders first, or those that match ``q``."""
    words = request.GET.get("q", "").strip()
    context = {"page": _page(request, words), "words": words}
    part = request.htmx and not request.htmx.history_restore_request
    response = render(request, "signoff/desk/orders.html#orders" if part else "signoff/desk/orders.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@staff("signoff.view_order")
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """One order: lines with what became of them, parcels, sign-offs, payments; the floors above add their cases."""
    found = open_order(get_object_or_404(Order.objects.for_desk_page(), token=token))
    return render(
        request,
        "signoff/desk/order.html",
        {
            "order": found,
            "paid": paid_rows(found),
            "parcels": found.parcels.all(),
            "anomalies": [
                words_of(odd, with_amounts=may_know(request.user))
                for odd in found.anomalies.all()
                if odd.settled_at is None
            ],
        },
    )


def _page(request: HttpRequest, words: str) -> Page:
    look = Order.objects.found_by_caller if may_know(request.user) else Order.objects.found
    found = look(words) if words else None
    sift = found.of if found and found.is_broad else None
    rows = found.of(Order.objects.all()) if found and not sift else Order.objects.all()
    return page_by_key(rows, key="-placed_at", query=request.GET, load=Order.objects.for_desk_list(), sift=sift)
