"""The lines of a case as deeds and pages read them."""

from returns.models import Case, Line
from signoff.db.prepared.compiled import CompiledQuery

_LINES = CompiledQuery(lambda case: Line.objects.filter(case_id=case).order_by("pk"))
_WITH_ARTICLES = CompiledQuery(lambda case: Line.objects.filter(case_id=case).select_related("order_line", "reason"))
_WITH_ORDERS = CompiledQuery(
    lambda case: Line.objects.filter(case_id=case).select_related("order_line__order", "reason")
)


def bare_lines(case: Case) -> list[Line]:
    """The lines as they are now, oldest first."""
    return _LINES.all(case.pk, case=case)


def lines_with_articles(case: Case) -> list[Line]:
    """The lines with their articles and reasons, in the order's order."""
    return _WITH_ARTICLES.all(case.pk, case=case)


def lines_with_orders(case: Case) -> list[Line]:
    """The same, with the order of each: a case may be about several."""
    return _WITH_ORDERS.all(case.pk, case=case)
