"""The object of a page, or 404: nobody learns whether it exists for somebody else."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from returns.models import Case, Draft
from signoff.entry import entered_orders
from signoff.models import Order


def entered_order(request: HttpRequest, token: str) -> Order:
    """An order that this browser has entered."""
    orders = Order.objects.visible_to_entries(entered_orders(request)).select_related("shop", "customer")
    return get_object_or_404(orders, token=token)


def draft_of(order: Order, token: str) -> Draft:
    """A draft of the order, with the case that it may have become."""
    draft = get_object_or_404(Draft.objects.select_related("case"), order_id=order.pk, token=token)
    draft.order = order
    return draft


def shoppers_case(request: HttpRequest, number: str) -> Case:
    """A case of an order that this browser has entered."""
    cases = Case.objects.visible_to_entries(entered_orders(request))
    return get_object_or_404(cases.select_related("shop", "customer", "order"), number=number)


def own_case(request: HttpRequest, number: str) -> Case:
    """A case that the shopper may act in. One without a customer is none: a deed of nobody's is the system's."""
    case = shoppers_case(request, number)
    if case.customer is None:
        raise Http404
    return case
