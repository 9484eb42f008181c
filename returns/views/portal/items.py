"""First step of a request: which items, and how many."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from returns.actions.drafts import AlreadySent, choose, start
from returns.forms.portal_intake import ItemsForm
from returns.models import Draft
from returns.views.portal.getters import entered_order
from signoff.access import shopper
from signoff.models import Order, OrderLine
from signoff.prepared import Prepared

_GOODS = Prepared(lambda order: OrderLine.objects.filter(order_id=order, kind=OrderLine.Kind.GOODS))


@shopper
def items(request: HttpRequest, token: str) -> HttpResponse:
    """Choose lines and quantities; with ``?draft=`` change what was chosen before."""
    order = entered_order(request, token)
    draft = _earlier(order, request.GET.get("draft", ""))
    lines = _GOODS.all(order.pk, order=order)
    form = ItemsForm(request.POST if request.method == "POST" else None, lines=lines, chosen=_chosen(draft))
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.quantities
            draft = choose(draft, quantities=chosen) if draft else start(order, quantities=chosen)
        except AlreadySent as sent:  # in another window, a moment ago
            return redirect("returns:status", sent.case.number)
        return redirect("returns:request-details", order.token, draft.token)
    return render(request, "returns/portal/items.html", {"order": order, "shop": order.shop, "form": form})


def _earlier(order: Order, token: str) -> Draft | None:
    """The draft to go on with; one that was sent in is over, the next request is a new one."""
    return Draft.objects.filter(order=order, token=token, case=None).first() if token else None


def _chosen(draft: Draft | None) -> dict[int, int]:
    return {entry["line"]: entry["quantity"] for entry in draft.data.get("lines", [])} if draft else {}
