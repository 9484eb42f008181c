"""What the floor below wants to know about orders, answered from cases."""

from collections.abc import Collection

from returns.models import Case, Draft


def with_requests(orders: Collection[int]) -> set[int]:
    """Those with a case, or a request that somebody is writing: their lines are named there."""
    cases = Case.objects.filter(order__in=orders).order_by().values_list("order")
    drafts = Draft.objects.filter(order__in=orders).order_by().values_list("order")
    return {order for (order,) in cases.union(drafts)}


def with_open_cases(orders: Collection[int]) -> set[int]:
    """Those with a case on which somebody still has to act."""
    return set(Case.objects.open().filter(order__in=orders).order_by().values_list("order", flat=True).distinct())
