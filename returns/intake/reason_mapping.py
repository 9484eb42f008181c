"""Maps kinds of discrepancies and parcel exceptions to the reasons and remedies of a shop. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from returns.models import Reason
from returns.models.reasons import Remedy
from signoff.models import Discrepancy, ExceptionKind

Kind, Liability = Discrepancy.Kind, Reason.Liability

#: a parcel that was refused on delivery, without a discrepancy
REFUSED = "refused"


@dataclass(frozen=True)
class Meaning:
    """Reason codes that match, the best first; the liable party; a remedy where it does not depend on the reason."""

    codes: Sequence[str]
    liability: str
    remedy: str = ""


NEVER_ARRIVED = ("not_received", "lost", "lost_in_transit", "missing")
#: kind of a discrepancy, or trouble of a parcel → its meaning; the more serious first
MEANINGS: dict[str, Meaning] = {
    Kind.WRONG_ITEM.value: Meaning(("wrong_item", "wrong_article"), Liability.SHOP),
    Kind.DAMAGED.value: Meaning(("damaged_in_transit", "damaged", "broken"), Liability.CARRIER),  # of a parcel, too
    Kind.DEFECTIVE.value: Meaning(("defective", "faulty", "poor_finish"), Liability.SUPPLIER),
    Kind.NOT_AS_DESCRIBED.value: Meaning(("not_as_described",), Liability.SHOP),
    Kind.MISSING.value: Meaning(("missing", "incomplete"), Liability.SHOP, Remedy.RESEND),
    REFUSED: Meaning(("refused", "refused_at_the_door", "changed_mind"), Liability.SHOPPER),
    ExceptionKind.LOST.value: Meaning(NEVER_ARRIVED, Liability.CARRIER),
    ExceptionKind.RETURNED.value: Meaning(("returned_to_sender", "undeliverable", *NEVER_ARRIVED), Liability.CARRIER),
    ExceptionKind.SILENT.value: Meaning((*NEVER_ARRIVED, "late"), Liability.CARRIER),
    ExceptionKind.LATE.value: Meaning(("late", "too_late"), Liability.CARRIER),
}


def main_kind(units: Mapping[str, int]) -> str:
    """The kind that most units have; on a tie the most serious."""
    order = list(MEANINGS)
    return max(units, key=lambda kind: (units[kind], -order.index(kind)))


def reason_for(kind: str, offered: Sequence[Reason]) -> Reason:
    """The best of ``offered`` (at least one): by code, else by liability, else the first."""
    meaning = MEANINGS[kind]
    by_code = {reason.code.replace("-", "_"): reason for reason in offered}
    matching = [by_code[code] for code in meaning.codes if code in by_code]
    same_liability = [reason for reason in offered if reason.liability == meaning.liability]
    return next(iter([*matching, *same_liability, *offered]))


def remedy_for(kind: str, reason: Reason) -> str:
    """The remedy: missing goods are sent again, else the default remedy of the reason."""
    return MEANINGS[kind].remedy or reason.default_remedy
