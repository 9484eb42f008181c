"""What was found on delivery, or reported by a carrier, in terms of a shop's reasons and remedies. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from returns.models import Reason
from returns.models.reasons import Remedy
from signoff.models import Discrepancy, ExceptionKind

Kind, Liability = Discrepancy.Kind, Reason.Liability

#: a parcel refused at the door without a word why
REFUSED = "refused"


@dataclass(frozen=True)
class Meaning:
    """Codes of reasons that say it, the best first; who answers for it; what is asked for whatever the reason."""

    codes: Sequence[str]
    liability: str
    remedy: str = ""


NEVER_CAME = ("not_received", "lost", "lost_in_transit", "missing")
#: kind of a discrepancy, or trouble of a parcel → its meaning; what weighs more stands first
MEANINGS: dict[str, Meaning] = {
    Kind.WRONG_ITEM.value: Meaning(("wrong_item", "wrong_article"), Liability.SHOP),
    Kind.DAMAGED.value: Meaning(("damaged_in_transit", "damaged", "broken"), Liability.CARRIER),  # of a parcel, too
    Kind.DEFECTIVE.value: Meaning(("defective", "faulty", "poor_finish"), Liability.SUPPLIER),
    Kind.NOT_AS_DESCRIBED.value: Meaning(("not_as_described",), Liability.SHOP),
    Kind.MISSING.value: Meaning(("missing", "incomplete"), Liability.SHOP, Remedy.RESEND),
    REFUSED: Meaning(("refused", "refused_at_the_door", "changed_mind"), Liability.SHOPPER),
    ExceptionKind.LOST.value: Meaning(NEVER_CAME, Liability.CARRIER),
    ExceptionKind.RETURNED.value: Meaning(("returned_to_sender", "undeliverable", *NEVER_CAME), Liability.CARRIER),
    ExceptionKind.SILENT.value: Meaning((*NEVER_CAME, "late"), Liability.CARRIER),
    ExceptionKind.LATE.value: Meaning(("late", "too_late"), Liability.CARRIER),
}


def main_kind(units: Mapping[str, int]) -> str:
    """The kind that most units have; among as many the one that weighs most."""
    order = list(MEANINGS)
    return max(units, key=lambda kind: (units[kind], -order.index(kind)))


def reason_for(kind: str, offered: Sequence[Reason]) -> Reason:
    """The one of ``offered`` (at least one) that says it, else one that the same party answers for, else the first."""
    meaning = MEANINGS[kind]
    by_code = {reason.code.replace("-", "_"): reason for reason in offered}
    said = [by_code[code] for code in meaning.codes if code in by_code]
    answered_for = [reason for reason in offered if reason.liability == meaning.liability]
    return next(iter([*said, *answered_for, *offered]))


def remedy_for(kind: str, reason: Reason) -> str:
    """What is asked for: the goods that were not in the parcel, else what usually puts the reason right."""
    return MEANINGS[kind].remedy or reason.default_remedy
