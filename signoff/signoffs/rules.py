"""What was counted when a parcel was taken over, and what that makes of it. Pure: nothing is asked of the database.

Of each line: as ordered + wrong in one way or another + missing = expected. What is missing follows from the count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signoff.models import Discrepancy, SignOff

Kind = Discrepancy.Kind
Outcome = SignOff.Outcome
#: what can be wrong with a unit that is there
WRONG = (Kind.DAMAGED, Kind.WRONG_ITEM, Kind.DEFECTIVE, Kind.NOT_AS_DESCRIBED)


class DoesNotAddUp(Exception):
    """``sentences``: what to mend, by order line; under None what belongs to the whole."""

    def __init__(self, sentences: Mapping[int | None, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = sentences


@dataclass(frozen=True)
class Counted:
    """One line: how many units are there, how many of them are wrong in which way (``WRONG``), and words."""

    quantity: int
    problems: Mapping[str, int] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True)
class Receipt:
    """What somebody says of a parcel. ``lines`` by order line's key; one that is not named is as expected.

    ``refused_for`` is the kind of wrong (``WRONG``) for which the whole parcel was refused at the door: nobody
    counts then, and every unit is wrong in that way.
    """

    lines: Mapping[int, Counted] = field(default_factory=dict)
    words: str = ""
    refused_for: str = ""

    @property
    def refused(self) -> bool:
        return bool(self.refused_for)


@dataclass(frozen=True)
class Found:
    """One line as it is written down; ``problems`` holds what is missing too, and nothing of quantity 0."""

    line: int
    expected: int
    counted: int
    problems: Mapping[str, int]
    words: str = ""


def judge(receipt: Receipt, expected: Mapping[int, int]) -> list[Found]:
    """Every line that was expected (order line's key → units) as it was found. Raises ``DoesNotAddUp``."""
    if strange := receipt.lines.keys() - expected.keys():
        raise ValueError(f"not in the parcel: {sorted(strange)}")
    if receipt.refused:
        return [_refused(receipt, line, units) for line, units in expected.items()]
    counted = {line: receipt.lines.get(line, Counted(units)) for line, units in expected.items()}
    sentences: dict[int | None, str] = {
        line: sentence for line, said in counted.items() if (sentence := trouble(said, expected[line]))
    }
    if sentences:
        raise DoesNotAddUp(sentences)
    return [_found(line, counted[line], units) for line, units in expected.items()]


def outcome_of(receipt: Receipt, found: list[Found]) -> Outcome:
    """Any unit wrong or missing: partly; only words: with remarks."""
    if receipt.refused:
        return Outcome.REFUSED
    if any(line.problems for line in found):
        return Outcome.PARTLY
    spoken = receipt.words or any(line.words for line in found)
    return Outcome.WITH_REMARKS if spoken else Outcome.ACCEPTED


def _refused(receipt: Receipt, line: int, units: int) -> Found:
    if receipt.refused_for not in WRONG:
        raise DoesNotAddUp({None: _("Choose the reason for refusing that fits best.")})
    said = receipt.lines.get(line)
    return Found(line, units, units, {str(receipt.refused_for): units}, said.words if said else "")


def _found(line: int, said: Counted, units: int) -> Found:
    problems = {str(kind): quantity for kind, quantity in said.problems.items() if quantity}
    if said.quantity < units:
        problems[str(Kind.MISSING)] = units - said.quantity
    return Found(line, units, said.quantity, problems, said.words)


def trouble(said: Counted, units: int) -> str:
    """The sentence about a line that does not add up; "" for one that does."""
    if unknown := said.problems.keys() - set(WRONG):
        raise ValueError(f"no kind of wrong: {sorted(unknown)}")
    if said.quantity < 0 or any(quantity < 0 for quantity in said.problems.values()):
        return _("The number of items can't be less than 0. Enter how many there are.")
    if said.quantity > units:
        return ngettext(
            "Only %(units)d item was sent in this parcel. Enter %(units)d and tell us what else was inside.",
            "Only %(units)d items were sent in this parcel. Enter %(units)d and tell us what else was inside.",
            units,
        ) % {"units": units}
    if (wrong := sum(said.problems.values())) > said.quantity:
        return ngettext(
            "You counted %(counted)d item but marked %(wrong)d as wrong. Mark each item once, with its most "
            "serious problem.",
            "You counted %(counted)d items but marked %(wrong)d as wrong. Mark each item once, with its most "
            "serious problem.",
            said.quantity,
        ) % {"counted": said.quantity, "wrong": wrong}
    return ""
