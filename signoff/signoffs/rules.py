"""Rules that turn a delivery report into results per line and an outcome. Pure: no queries.

For each line: units as ordered + units with a problem + missing units = expected units; missing = expected − counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signoff.models import Discrepancy, SignOff

Kind = Discrepancy.Kind
Outcome = SignOff.Outcome
#: problems of a unit that has arrived
WRONG = (Kind.DAMAGED, Kind.WRONG_ITEM, Kind.DEFECTIVE, Kind.NOT_AS_DESCRIBED)


class DoesNotAddUp(Exception):
    """The report contradicts itself. ``sentences`` by order line's key; None is the key of the whole parcel."""

    def __init__(self, sentences: Mapping[int | None, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = sentences

    def __reduce__(self) -> tuple[type["DoesNotAddUp"], tuple[Mapping[int | None, str]]]:
        return type(self), (self.sentences,)


@dataclass(frozen=True)
class LineCount:
    """What was counted of one line: units that arrived, how many of them have which problem (``WRONG``), a comment."""

    quantity: int
    problems: Mapping[str, int] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True)
class DeliveryReport:
    """The report of who received a parcel. ``lines`` by order line's key; a line that is missing is as ordered.

    ``refused_for`` is the problem (``WRONG``) for which the whole parcel was refused on delivery: it is not opened
    then, and every unit counts as having that problem.
    """

    lines: Mapping[int, LineCount] = field(default_factory=dict)
    words: str = ""
    refused_for: str = ""

    @property
    def refused(self) -> bool:
        return bool(self.refused_for)


@dataclass(frozen=True)
class LineResult:
    """One line as it is stored; ``problems`` (kind → units) includes the missing units and has no zeros."""

    line: int
    expected: int
    counted: int
    problems: Mapping[str, int]
    words: str = ""


def line_results(report: DeliveryReport, expected: Mapping[int, int]) -> list[LineResult]:
    """The result of every line in ``expected`` (order line's key → units). Raises ``DoesNotAddUp``."""
    if strange := report.lines.keys() - expected.keys():
        raise ValueError(f"not in the parcel: {sorted(strange)}")
    if report.refused:
        return [_refused_result(report, line, units) for line, units in expected.items()]
    counted = {line: report.lines.get(line, LineCount(units)) for line, units in expected.items()}
    sentences: dict[int | None, str] = {
        line: sentence for line, count in counted.items() if (sentence := count_error(count, expected[line]))
    }
    if sentences:
        raise DoesNotAddUp(sentences)
    return [_counted_result(line, counted[line], units) for line, units in expected.items()]


def outcome_of(report: DeliveryReport, results: list[LineResult]) -> Outcome:
    """The outcome: partly if any unit is wrong or missing, with remarks if there are only comments."""
    if report.refused:
        return Outcome.REFUSED
    if any(line.problems for line in results):
        return Outcome.PARTLY
    has_comments = report.words or any(line.words for line in results)
    return Outcome.WITH_REMARKS if has_comments else Outcome.ACCEPTED


def _refused_result(report: DeliveryReport, line: int, units: int) -> LineResult:
    if report.refused_for not in WRONG:
        raise DoesNotAddUp({None: _("Choose the reason for refusing that fits best.")})
    count = report.lines.get(line)
    return LineResult(line, units, units, {str(report.refused_for): units}, count.words if count else "")


def _counted_result(line: int, count: LineCount, units: int) -> LineResult:
    problems = {str(kind): quantity for kind, quantity in count.problems.items() if quantity}
    if count.quantity < units:
        problems[str(Kind.MISSING)] = units - count.quantity
    return LineResult(line, units, count.quantity, problems, count.words)


def count_error(count: LineCount, units: int) -> str:
    """The sentence about a line whose numbers contradict each other; "" if they add up."""
    if unknown := count.problems.keys() - set(WRONG):
        raise ValueError(f"no kind of wrong: {sorted(unknown)}")
    if count.quantity < 0 or any(quantity < 0 for quantity in count.problems.values()):
        return _("The number of items can't be less than 0. Enter how many there are.")
    if count.quantity > units:
        return ngettext(
            "Only %(units)d item was sent in this parcel. Enter %(units)d and tell us what else was inside.",
            "Only %(units)d items were sent in this parcel. Enter %(units)d and tell us what else was inside.",
            units,
        ) % {"units": units}
    if (wrong := sum(count.problems.values())) > count.quantity:
        return ngettext(
            "You counted %(counted)d item but marked %(wrong)d as wrong. Mark each item once, with its most "
            "serious problem.",
            "You counted %(counted)d items but marked %(wrong)d as wrong. Mark each item once, with its most "
            "serious problem.",
            count.quantity,
        ) % {"counted": count.quantity, "wrong": wrong}
    return ""
