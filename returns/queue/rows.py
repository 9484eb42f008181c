"""Rows of the queue, computed in Python: a template that did it for each of many rows would be slow."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from returns.models import Case
from signoff.templatetags.look import ago
from signoff.web.formatting import Promise, initials, money, name_of, promise
from signoff.web.icons import hue
from signoff.web.tones import tone


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as ``components/person.html`` and ``components/avatar.html`` show them."""

    name: str
    initials: str
    hue: int


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a list; ``value`` is empty for people who may not see amounts."""

    url: str
    number: str
    opened: SafeString | str
    customer: Person | None
    article: str
    more: int
    reason: str
    tone: str
    state: str
    promise: Promise
    value: str
    owner: Person | None


def row_of(case: Case, *, may_know: bool) -> Row:
    """The row of ``case``, which ``cases_with_lines`` has read; its value only where ``may_know``."""
    lines = list(case.lines.all())
    first = lines[0] if lines else None
    return Row(
        url=case.get_absolute_url(),
        number=case.number,
        opened=ago(case.opened_at, case.shop.time_zone),
        customer=_person(case.customer),
        article=(first.order_line.title or first.order_line.sku) if first else "",
        more=len(lines) - 1,
        reason=first.reason.title if first else "",
        tone=tone(case.status),
        state=case.get_status_display(),
        promise=promise(case.due_at, case.status_since, zone=case.shop.time_zone),
        value=money(case.value, case.order.currency) if may_know else "",
        owner=_person(case.owner),
    )


def _person(somebody: object) -> Person | None:
    if somebody is None:
        return None
    name = name_of(somebody)
    return Person(name, initials(name), hue(name))
