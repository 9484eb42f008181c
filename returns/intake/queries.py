"""Which orders have a request or an open case: what imports and sign-offs ask before they change an order."""

from collections.abc import Collection

from returns.models import Case, Draft


def orders_with_requests(orders: Collection[int]) -> set[int]:
    """Those with a case, or a request that somebody is writing: their lines are named there."""
    cases = Case.objects.filter(order__in=orders).order_by().values_list("order")
    drafts = Draft.objects.filter(order__in=orders).order_by().values_list("order")
    return {order for (order,) in cases.union(drafts)}


def orders_with_open_cases(orders: Collection[int]) -> set[int]:
    """Those with a case on which somebody still has to act."""
    return set(Case.objects.open().filter(order__in=orders).order_by().values_list("order", flat=True).distinct())
