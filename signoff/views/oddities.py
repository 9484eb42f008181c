"""The queue of orders that came in odd."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.access import staff
from signoff.actions import oddities
from signoff.actions.oddities import AlreadySettled
from signoff.conflict import conflict
from signoff.counting import count_each, shown
from signoff.discretion import may_know
from signoff.forms.oddities import SettleForm
from signoff.models import OrderAnomaly
from signoff.oddities import words_of
from signoff.paging import page_by_key

LOOK, SETTLE = "signoff.view_orderanomaly", "signoff.change_orderanomaly"
ALL, SETTLED = "all", "settled"
Kind = OrderAnomaly.Kind


@staff(LOOK)
@require_safe
def anomaly_list(request: HttpRequest) -> HttpResponse:
    """One tab, the newest first."""
    tab = request.GET.get("tab", ALL)
    tab = tab if tab in (*Kind.values, SETTLED) else ALL
    rows = OrderAnomaly.objects.tab(tab)
    page = page_by_key(rows, key="-found_at", query=request.GET, load=OrderAnomaly.objects.for_list())
    knows = may_know(request.user)
    context = {
        "page": page,
        "rows": [{"odd": odd, "words": words_of(odd, with_amounts=knows)} for odd in page.rows],
        "tabs": _tabs(tab),
        "is_settled": tab == SETTLED,
    }
    return render(request, "signoff/desk/oddities.html", context)


@staff(SETTLE)
@require_POST
def settle(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Take it off the queue, with a note."""
    odd = get_object_or_404(OrderAnomaly.objects.for_list(), order__token=token, kind=kind)
    form, back = SettleForm(request.POST), reverse("signoff:anomaly-list")
    if not form.is_valid():
        return conflict(request, " ".join(form.errors["reason"]), back=back, forms=[form])
    try:
        oddities.settle(odd, by=request.user, words=form.cleaned_data["reason"])
    except AlreadySettled as refusal:
        return conflict(request, str(refusal), back=back, forms=[form])
    messages.success(request, _("Settled: order %(number)s.") % {"number": odd.order.number})
    return redirect(back)


def _tabs(chosen: str) -> list[dict[str, Any]]:
    labels = {ALL: _("All"), **dict(Kind.choices), SETTLED: _("Settled")}
    counts = count_each({name: OrderAnomaly.objects.tab(name) for name in labels if name != SETTLED})
    return [
        {
            "label": capfirst(label),
            "url": reverse("signoff:anomaly-list", query={"tab": name} if name != ALL else None),
            "count": shown(counts[name]) if name in counts else None,
            "active": name == chosen,
        }
        for name, label in labels.items()
    ]
