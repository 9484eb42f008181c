"""The sign-offs of an order, parcel by parcel: the one that stands, and those that it has replaced."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from signoff.models import Discrepancy, Order, Parcel, SignOff
from signoff.signoffs.rules import WRONG, Counted, Receipt


@dataclass
class Chain:
    """``sign_offs`` from the first to the one that stands; empty while nobody has signed."""

    parcel: Parcel | None
    sign_offs: list[SignOff] = field(default_factory=list)

    @property
    def standing(self) -> SignOff | None:
        return self.sign_offs[-1] if self.sign_offs else None

    @property
    def earlier(self) -> list[tuple[int, SignOff]]:
        """Those that were replaced, with their numbers, the newest first."""
        return list(enumerate(self.sign_offs[:-1], start=1))[::-1]


def chains_of(order: Order, parcels: Iterable[Parcel]) -> list[Chain]:
    """One chain for each parcel that goes to the shopper, signed for or not, and for sign-offs that name no parcel.

    Asks nothing where ``signoff.orders.queries`` has laid the order out.
    """
    chains = [Chain(parcel) for parcel in parcels if parcel.direction != Parcel.Direction.RETURN]
    by_parcel: dict[int | None, Chain] = {chain.parcel.pk: chain for chain in chains if chain.parcel}
    links: dict[int | None, Chain] = {}
    for sign_off in sorted(order.sign_offs.all(), key=lambda one: one.pk):
        chain = by_parcel.get(sign_off.parcel_id) or links.get(sign_off.corrects_id)
        if chain is None:
            chain = Chain(sign_off.parcel)
            chains.append(chain)
        chain.sign_offs.append(sign_off)
        links[sign_off.pk] = chain
    return chains


def numbered(parcel: Parcel, number: int) -> SignOff | None:
    """The sign-off of a parcel by its place in the chain, from 1."""
    found = SignOff.objects.filter(parcel=parcel).select_related("order", "parcel").order_by("pk")
    return found[number - 1 : number].first() if number > 0 else None


def receipt_of(sign_off: SignOff) -> Receipt:
    """What was said then, so that a correction begins with it."""
    words = {note.line_id: note.words for note in sign_off.notes.all()}
    lines, refused_for = {}, ""
    for line in sign_off.lines.prefetch_related("discrepancies"):
        problems = {one.kind: one.quantity for one in line.discrepancies.all() if one.kind in WRONG}
        if sign_off.outcome == SignOff.Outcome.REFUSED:
            refused_for, problems = next(iter(problems), Discrepancy.Kind.DAMAGED), {}
        lines[line.order_line_id] = Counted(line.counted, problems, words.get(line.pk, ""))
    return Receipt(lines, words.get(None, ""), refused_for)
