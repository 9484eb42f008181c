"""Desk pages of orders and order anomalies."""

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
from signoff.orders.listing import ALL, ANOMALIES, ORDERS, SETTLED, tab_of
from signoff.orders.queries import prefetch_order
from signoff.web.access import may_see_amounts, staff
from signoff.web.conflict import conflict
from signoff.web.form_handling import handle_form, show_conflict
from signoff.web.lists import Tab, count_to_limit, render_list, tabs_of
from signoff.web.requests import StaffRequest


@staff("signoff.view_order")
@require_safe
def order_list(request: StaffRequest) -> HttpResponse:
    """The newest orders first, or those that match ``q``."""
    words = request.GET.get("q", "").strip()
    page = ORDERS.find(request.user, request.GET).page()
    return render_list(request, "signoff/desk/orders.html", {"page": page, "desk_list": ORDERS, "words": words})


@staff("signoff.view_order")
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """One order: lines, parcels, sign-offs and payments; upper apps add their cases in the template."""
    purchase = prefetch_order(get_object_or_404(Order.objects.for_desk_page(), token=token))
    return render(
        request,
        "signoff/desk/order.html",
        {
            "order": purchase,
            "paid": paid_rows(purchase),
            "parcels": purchase.parcels.all(),
            "anomalies": [
                anomaly_text(anomaly, with_amounts=may_see_amounts(request.user))
                for anomaly in purchase.anomalies.all()
                if anomaly.settled_at is None
            ],
        },
    )


VIEW, SETTLE = "signoff.view_orderanomaly", "signoff.change_orderanomaly"
Kind = OrderAnomaly.Kind


@staff(VIEW)
@require_safe
def anomaly_list(request: StaffRequest) -> HttpResponse:
    """Order anomalies of one tab, newest first."""
    tab = tab_of(request.GET)
    page = ANOMALIES.find(request.user, request.GET).page()
    with_amounts = may_see_amounts(request.user)
    context = {
        "page": page,
        "desk_list": ANOMALIES,
        "rows": [
            {"anomaly": anomaly, "words": anomaly_text(anomaly, with_amounts=with_amounts)} for anomaly in page.rows
        ],
        "tabs": _tabs(tab),
        "is_settled": tab == SETTLED,
    }
    return render(request, "signoff/desk/order_anomalies.html", context)


@staff(SETTLE)
@require_POST
def settle_anomaly(request: StaffRequest, token: str, kind: str) -> HttpResponse:
    """Mark an order anomaly as handled, with a note."""
    anomaly = get_object_or_404(OrderAnomaly.objects.for_list(), order__token=token, kind=kind)
    form, list_url = SettleForm(request.POST), reverse("signoff:anomaly-list")
    return handle_form(
        request,
        form,
        page=lambda: conflict(request, " ".join(map(str, form.errors["reason"])), back=list_url, forms=[form]),
        action=lambda reason: anomalies.settle_anomaly(anomaly, by=request.user, words=reason),
        done=_("Handled: order %(number)s.") % {"number": anomaly.order.number},
        next_page=list_url,
        refusals={AlreadySettled: show_conflict(request, back=list_url, forms=[form])},
    )


def _tabs(chosen: str) -> list[Tab]:
    labels: dict[str, StrOrPromise] = {ALL: _("All"), **dict(Kind.choices), SETTLED: _("Handled")}
    return tabs_of(
        {name: capfirst(label) for name, label in labels.items()},
        active=chosen,
        url=lambda name: reverse("signoff:anomaly-list", query={"tab": name} if name != ALL else None),
        counts=count_to_limit({name: OrderAnomaly.objects.tab(name) for name in labels if name != SETTLED}),
    )
