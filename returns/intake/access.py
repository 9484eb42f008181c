"""Objects of the shopper's pages, or 404: a page never reveals that an object of somebody else exists."""

from django.http import Http404, HttpRequest

from returns.intake.queries import find_case, find_draft, find_order
from returns.models import Case, Draft
from signoff.lookup.session import entered_orders
from signoff.models import Order


def entered_order(request: HttpRequest, token: str) -> Order:
    """An order that this browser has entered."""
    return _or_404(find_order(entered_orders(request), token))


def draft_of(order: Order, token: str) -> Draft:
    """A draft of the order, with the case that it may have become."""
    return _or_404(find_draft(order, token))


def shoppers_case(request: HttpRequest, number: str) -> Case:
    """A case of an order that this browser has entered."""
    return _or_404(find_case(entered_orders(request), number))


def own_case(request: HttpRequest, number: str) -> Case:
    """A case that the shopper may act in; 404 without a customer, because an action by None is the system's."""
    case = shoppers_case(request, number)
    if case.customer is None:
        raise Http404
    return case


def _or_404[Row](row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
