"""The object of a page, or 404: nobody learns whether it exists for somebody else."""

from django.http import Http404, HttpRequest

from returns.models import Case, Draft
from signoff.db.prepared.compiled import CompiledQuery
from signoff.lookup.session import entered_orders
from signoff.models import Order

_ORDER = CompiledQuery(
    lambda entries, token: (
        Order.objects.visible_to_entries(entries).select_related("shop", "customer").filter(token=token)
    )
)
_CASE = CompiledQuery(
    lambda entries, number: (
        Case.objects.visible_to_entries(entries).select_related("shop", "customer", "order").filter(number=number)
    )
)
_DRAFT = CompiledQuery(lambda order, token: Draft.objects.select_related("case").filter(order_id=order, token=token))


def entered_order(request: HttpRequest, token: str) -> Order:
    """An order that this browser has entered."""
    return _there(_ORDER.first(entered_orders(request), token))


def draft_of(order: Order, token: str) -> Draft:
    """A draft of the order, with the case that it may have become."""
    return _there(_DRAFT.first(order.pk, token, order=order))


def shoppers_case(request: HttpRequest, number: str) -> Case:
    """A case of an order that this browser has entered."""
    return _there(_CASE.first(entered_orders(request), number))


def own_case(request: HttpRequest, number: str) -> Case:
    """A case that the shopper may act in. One without a customer is none: a deed of nobody's is the system's."""
    case = shoppers_case(request, number)
    if case.customer is None:
        raise Http404
    return case


def _there[Found](found: Found | None) -> Found:
    if found is None:
        raise Http404
    return found
