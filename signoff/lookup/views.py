"""The shopper's way in, and what was bought."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from signoff.db.required import required
from signoff.lookup.access import shopper
from signoff.lookup.actions import Answer, enter_by_code, enter_by_link, request_code, shop_of_link
from signoff.lookup.forms import CodeForm, FindForm
from signoff.lookup.session import (
    asked_contact,
    entered_orders,
    grant_entry,
    has_entry,
    leave,
    page_after_entry,
    remember_contact,
    remember_shop,
    remembered_shop,
    start_page,
)
from signoff.models import Order, Shop
from signoff.orders.breakdown import paid_rows
from signoff.orders.queries import prefetch_purchase
from signoff.web.access import public
from signoff.web.attempts import TooManyTries
from signoff.web.client import address_of, browser_of
from signoff.web.form_handling import handle_form


@public
def find(request: HttpRequest) -> HttpResponse:
    """Look up an order of any shop; the response is the same for a hit and a miss."""
    return _find(request, None)


@public
def find_in_shop(request: HttpRequest, shop: str) -> HttpResponse:
    """The same for the orders of one shop only. Raises ``Http404`` for an unknown one."""
    return _find(request, get_object_or_404(Shop, slug=shop))


def _find(request: HttpRequest, shop: Shop | None) -> HttpResponse:
    form = FindForm(request.POST if request.method == "POST" else None)

    def page(refusal: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
        context = {
            "form": form,
            "refusal": refusal,
            "entered": has_entry(request),
            "shop": shop or Shop.objects.only_one(),
        }
        return render(request, "signoff/portal/find.html", context, status=status)

    def ask(number: str, contact: str) -> None:
        request_code(number, contact, browser=browser_of(request), machine=address_of(request), shop=shop)
        remember_contact(request, contact)
        remember_shop(request, shop)

    return handle_form(
        request,
        form,
        page=page,
        action=ask,
        next_page=reverse("signoff:code"),
        refusals={TooManyTries: lambda refusal: page(str(refusal), HTTPStatus.TOO_MANY_REQUESTS)},
    )


@public
@never_cache  # it shows where the code was sent
def code(request: HttpRequest) -> HttpResponse:
    """Enter the six-digit code from the message."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = enter_by_code(form.cleaned_data["code"], browser=browser_of(request))
        if answer.order is not None:
            return _welcome(request, answer)
        form.add_error("code", answer.words)
    contact = asked_contact(request)
    shop = remembered_shop(request)
    context = {
        "form": form,
        "shop": shop or Shop.objects.only_one(),
        "start": start_page(shop),
        "contact": contact,
        "by_phone": contact and "@" not in contact,
    }
    return render(request, "signoff/portal/code.html", context)


@public
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """GET only shows a button and does not use the link up, because mail programs open links too."""
    answer = Answer(None)
    if request.method == "POST":
        answer = enter_by_link(token, browser=browser_of(request))
        if answer.order is not None:
            return _welcome(request, answer)
    shop = shop_of_link(token) or remembered_shop(request)
    context = {"refusal": answer.words, "shop": shop or Shop.objects.only_one(), "start": start_page(shop)}
    return render(request, "signoff/portal/enter.html", context, status=403 if answer.words else 200)


@shopper
@require_safe
def my_orders(request: HttpRequest) -> HttpResponse:
    """The orders that this browser has entered."""
    orders = list(Order.objects.visible_to_entries(entered_orders(request)).for_list())
    shops = {order.shop_id: order.shop for order in orders}
    shop = orders[0].shop if len(shops) == 1 else None
    context = {"orders": orders, "shop": shop, "start": start_page(remembered_shop(request))}
    return render(request, "signoff/portal/orders.html", context)


@shopper
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The shopper's order page: goods, payments, parcels; upper apps add their parts in the template."""
    visible = Order.objects.visible_to_entries(entered_orders(request)).for_page()
    purchase = prefetch_purchase(get_object_or_404(visible, token=token))
    context = {
        "order": purchase,
        "shop": purchase.shop,
        "goods": [line for line in purchase.lines.all() if line.kind == line.Kind.GOODS],
        "paid": paid_rows(purchase),
        "parcels": purchase.parcels.all(),
    }
    return render(request, "signoff/portal/order.html", context)


@public
@require_POST
def leave_orders(request: HttpRequest) -> HttpResponse:
    """Forget every entry of this browser, for shared computers."""
    start = start_page(remembered_shop(request))
    leave(request)
    return redirect(start)


def _welcome(request: HttpRequest, answer: Answer) -> HttpResponse:
    order = required(answer.order)
    grant_entry(request, order.pk)
    return redirect(page_after_entry(request, order))
