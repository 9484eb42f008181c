"""Sign-offs of an order by parcel: the one in force and those it has replaced."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from signoff.models import Discrepancy, Order, Parcel, SignOff
from signoff.signoffs.rules import WRONG, DeliveryReport, LineCount


@dataclass
class Chain:
    """The sign-offs of a parcel from the first to the one in force; empty before the first."""

    parcel: Parcel | None
    sign_offs: list[SignOff] = field(default_factory=list)

    @property
    def current(self) -> SignOff | None:
        return self.sign_offs[-1] if self.sign_offs else None

    @property
    def earlier(self) -> list[tuple[int, SignOff]]:
        """Replaced sign-offs with their numbers, the newest first."""
        return list(enumerate(self.sign_offs[:-1], start=1))[::-1]


def chains_of(order: Order, parcels: Iterable[Parcel]) -> list[Chain]:
    """One chain for each parcel to the shopper, signed for or not, and for each sign-off without a parcel.

    Needs no query if ``signoff.orders.queries.prefetch_order`` was called.
    """
    chains = [Chain(parcel) for parcel in parcels if parcel.direction != Parcel.Direction.RETURN]
    by_parcel: dict[int | None, Chain] = {chain.parcel.pk: chain for chain in chains if chain.parcel}
    links: dict[int | None, Chain] = {}
    for sign_off in sorted(order.sign_offs.all(), key=lambda sign_off: sign_off.pk):
        chain = by_parcel.get(sign_off.parcel_id) or links.get(sign_off.corrects_id)
        if chain is None:
            chain = Chain(sign_off.parcel)
            chains.append(chain)
        chain.sign_offs.append(sign_off)
        links[sign_off.pk] = chain
    return chains


def find_by_number(parcel: Parcel, number: int) -> SignOff | None:
    """The sign-off of a parcel by its number in the chain, from 1."""
    sign_offs = SignOff.objects.filter(parcel=parcel).select_related("order", "parcel").order_by("pk")
    return sign_offs[number - 1 : number].first() if number > 0 else None


def report_of(sign_off: SignOff) -> DeliveryReport:
    """The report from which ``sign_off`` was made, to prefill a correction."""
    words = {note.line_id: note.words for note in sign_off.notes.all()}
    lines, refused_for = {}, ""
    for line in sign_off.lines.prefetch_related("discrepancies"):
        problems = {item.kind: item.quantity for item in line.discrepancies.all() if item.kind in WRONG}
        if sign_off.outcome == SignOff.Outcome.REFUSED:
            refused_for, problems = next(iter(problems), Discrepancy.Kind.DAMAGED), {}
        lines[line.order_line_id] = LineCount(line.counted, problems, words.get(line.pk, ""))
    return DeliveryReport(lines, words.get(None, ""), refused_for)
