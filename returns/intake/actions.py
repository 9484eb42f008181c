"""Opening a case: reserve units, number the case, write the first logbook entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from stdnum import luhn

from returns.clocks import due
from returns.lifecycle.unit_reservation import reserve_units
from returns.logbook.digests import EVIDENCE, pinned_pictures
from returns.logbook.queries import next_serial
from returns.logbook.writer import Actor, record
from returns.models import Case, Evidence, Line, Reason
from returns.models.reasons import exchange_values
from returns.models.units import Units
from signoff.db.history import insert
from signoff.jobs import wake
from signoff.models import Order, OrderLine
from signoff.money import sum_of_units


@dataclass(frozen=True)
class Wish:
    """What the shopper wants for one order line; ``instead_…`` says what in exchange and is left out otherwise."""

    order_line: OrderLine
    quantity: int
    reason: Reason
    remedy: str
    words: str = ""
    instead_item: str = ""
    instead_option: str = ""


@transaction.atomic
def open_case(
    order: Order,
    wishes: Sequence[Wish],
    *,
    by: Actor,
    channel: str,
    language: str = "en",
    pictures: Iterable[Evidence] = (),
    digests: Mapping[str, str] | None = None,
    promised: datetime | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> Case:
    """Open a case for ``wishes`` (at least one, one per order line) and give it its number.

    ``pictures`` are those of a draft, or stored and not saved yet: they become the case's evidence. ``digests`` are
    what the first entry pins besides. ``promised`` is when the decision is due, where the shopper was shown a date.
    Raises ``ExceedsOrdered`` when a line has fewer units left; then nothing is kept.
    """
    now = now or timezone.now()
    reserved = _reserve(order, wishes)
    case = Case(
        number=number_of(next_serial()),
        shop_id=order.shop_id,
        order=order,
        customer_id=order.customer_id,
        channel=channel,
        language=language,
        value=sum((paid_for(wish.order_line, units) for wish, units in reserved), Decimal(0)),
        opened_at=now,
        status_since=now,
        due_at=promised or due(Case.Status.SUBMITTED, now),
    )
    facts = {**facts, "lines": len(reserved), "channel": channel}
    pinned = pinned_pictures(EVIDENCE, pictures := list(pictures)) | dict(digests or {})
    record(case, "open", by=by, source="", now=now, facts=facts, digests=pinned)
    lines = [_line_of(case, wish, units) for wish, units in reserved]
    insert(*lines)
    _attach(case, lines, pictures)
    transaction.on_commit(wake, robust=True)
    return case


def paid_for(line: OrderLine, units: Units) -> Decimal:
    """What these units of a line cost the shopper, tax included, to the coin."""
    share = partial(sum_of_units, quantity=line.quantity, units=units, currency=line.order.currency)
    added_tax = Decimal(0) if line.order.prices_include_tax else share(line.tax)
    return share(line.list_total) - share(line.discount) + added_tax


def _reserve(order: Order, wishes: Sequence[Wish]) -> list[tuple[Wish, Units]]:
    """Reserve the units of each wish, its order line locked; by key, so that two requests do not block each other."""
    for wish in wishes:
        wish.order_line.order = order
    by_key = sorted(wishes, key=lambda wish: wish.order_line.pk)
    return [(wish, reserve_units(wish.order_line, wish.quantity)) for wish in by_key]


def _line_of(case: Case, wish: Wish, units: Units) -> Line:
    return Line(
        case=case,
        order_line=wish.order_line,
        reason=wish.reason,
        wish=wish.remedy,
        words=wish.words,
        **exchange_values(wish.remedy, wish),
        units=units,
        requested=wish.quantity,
    )


def add_evidence(case: Case, pictures: Iterable[Evidence]) -> dict[str, str]:
    """Add stored pictures to a locked case after its first request; returns what an entry pins of them."""
    pictures = list(pictures)
    _attach(case, [], pictures)
    return pinned_pictures(EVIDENCE, pictures)


def _attach(case: Case, lines: Sequence[Line], pictures: Iterable[Evidence]) -> None:
    """Assign the pictures to the case, each to the line of its article."""
    by_article: dict[int | None, Line] = {line.order_line_id: line for line in lines}
    for picture in pictures:
        picture.draft, picture.case, picture.line = None, case, by_article.get(picture.order_line_id)
        picture.save()


def number_of(serial: int) -> str:
    """A case's number, readable aloud: ``R-100042-6``, the last a Luhn check digit."""
    return f"R-{serial}-{luhn.calc_check_digit(str(serial))}"
