"""Why an order that was well told is not taken."""

from django.utils.translation import gettext as _

from signoff.imports.files.rejected import RefusedRow
from signoff.imports.orders.parsed import SoldOrder


def refusals(order: SoldOrder, sentence: str) -> list[RefusedRow]:
    """All rows of an order; where several files were sent, the one that stands for it."""
    rows = [] if order.file else [item.row for item in order.items]
    if order.row:
        rows.append(order.row)
    lines = {row.line: row for row in rows}
    return [RefusedRow(row, order.number_column, sentence, order.file) for _line, row in sorted(lines.items())]


def came_twice() -> str:
    return _("An order with this number came earlier in this import. Remove one of them.")


def is_built_upon(order: SoldOrder) -> str:
    return _(
        "Order %(number)s is here with other amounts, lines, payments or address, and a case, a refund or a sign-off "
        "is built upon it: it stays as it is. Settle the difference on its page."
    ) % {"number": order.number}
