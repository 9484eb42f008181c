"""Orders as the desk sees them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_stubs_ext import StrOrPromise

from signoff.models import Order, OrderAnomaly
from signoff.orders import anomalies
from signoff.orders.anomalies import AlreadySettled, anomaly_text
from signoff.orders.breakdown import paid_rows
from signoff.orders.forms import SettleForm
from signoff.orders.queries import prefetch_order
from signoff.web.access import may_see_amounts, staff
from signoff.web.conflict import conflict
from signoff.web.form_handling import handle_form, show_conflict
from signoff.web.keyset import Page, page_by_key
from signoff.web.lists import Tab, choice_of, count_to_limit, render_list, tabs_of
from signoff.web.requests import HtmxRequest, StaffRequest


@staff("signoff.view_order")
@require_safe
def order_list(request: HtmxRequest) -> HttpResponse:
    """The newest orders first, or those that match ``q``."""
    words = request.GET.get("q", "").strip()
    return render_list(request, "signoff/desk/orders.html", {"page": _page(request, words), "words": words})


@staff("signoff.view_order")
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """One order: lines with what became of them, parcels, sign-offs, payments; the floors above add their cases."""
    found = prefetch_order(get_object_or_404(Order.objects.for_desk_page(), token=token))
    return render(
        request,
        "signoff/desk/order.html",
        {
            "order": found,
            "paid": paid_rows(found),
            "parcels": found.parcels.all(),
            "anomalies": [
                anomaly_text(odd, with_amounts=may_see_amounts(request.user))
                for odd in found.anomalies.all()
                if odd.settled_at is None
            ],
        },
    )


def _page(request: HttpRequest, words: str) -> Page:
    look = Order.objects.search_indexes_with_phones if may_see_amounts(request.user) else Order.objects.search_indexes
    found = look(words) if words else None
    sift = found.matching if found and found.is_broad else None
    rows = found.matching(Order.objects.all()) if found and not sift else Order.objects.all()
    return page_by_key(rows, key="-placed_at", query=request.GET, load=Order.objects.for_desk_list(), sift=sift)


LOOK, SETTLE = "signoff.view_orderanomaly", "signoff.change_orderanomaly"
ALL, SETTLED = "all", "settled"
Kind = OrderAnomaly.Kind


@staff(LOOK)
@require_safe
def anomaly_list(request: HttpRequest) -> HttpResponse:
    """One tab, the newest first."""
    tab = choice_of(request.GET, "tab", (*Kind.values, SETTLED), default=ALL)
    rows = OrderAnomaly.objects.tab(tab)
    page = page_by_key(rows, key="-found_at", query=request.GET, load=OrderAnomaly.objects.for_list())
    knows = may_see_amounts(request.user)
    context = {
        "page": page,
        "rows": [{"odd": odd, "words": anomaly_text(odd, with_amounts=knows)} for odd in page.rows],
        "tabs": _tabs(tab),
        "is_settled": tab == SETTLED,
    }
    return render(request, "signoff/desk/oddities.html", context)


@staff(SETTLE)
@require_POST
def settle_anomaly(request: StaffRequest, token: str, kind: str) -> HttpResponse:
    """Take it off the queue, with a note."""
    odd = get_object_or_404(OrderAnomaly.objects.for_list(), order__token=token, kind=kind)
    form, back = SettleForm(request.POST), reverse("signoff:anomaly-list")
    return handle_form(
        request,
        form,
        page=lambda: conflict(request, " ".join(map(str, form.errors["reason"])), back=back, forms=[form]),
        action=lambda reason: anomalies.settle_anomaly(odd, by=request.user, words=reason),
        done=_("Handled: order %(number)s.") % {"number": odd.order.number},
        next_page=back,
        refusals={AlreadySettled: show_conflict(request, back=back, forms=[form])},
    )


def _tabs(chosen: str) -> list[Tab]:
    labels: dict[str, StrOrPromise] = {ALL: _("All"), **dict(Kind.choices), SETTLED: _("Handled")}
    return tabs_of(
        {name: capfirst(label) for name, label in labels.items()},
        active=chosen,
        url=lambda name: reverse("signoff:anomaly-list", query={"tab": name} if name != ALL else None),
        counts=count_to_limit({name: OrderAnomaly.objects.tab(name) for name in labels if name != SETTLED}),
    )
