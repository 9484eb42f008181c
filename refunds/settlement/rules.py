"""Whether the verdict of the bench fits the plan. Pure: works on findings, items and lines that are passed in."""

from collections.abc import Iterable, Sequence

from inspection.models import Finding
from refunds.models import Item
from refunds.pricing.rules import NEEDS_GOODS
from returns.models import Line, Reason

Verdict = Finding.Verdict

# Verdicts that confirm the reason of the return, by whether the shopper is liable. A shopper who changed their
# mind claims no fault, so finding none is as it should be; finding one, or finding none where one was claimed, is for
# a person to weigh.
CONFIRMING = {
    True: (Verdict.AS_CLAIMED, Verdict.NO_FAULT_FOUND),
    False: (Verdict.AS_CLAIMED, Verdict.OTHER_FAULT),
}


def verdict_fits(items: Iterable[Item], findings: Sequence[Finding]) -> bool:
    """Whether the ``findings`` of an inspection allow a plan with these ``items`` to be carried out, line by line.

    Every line whose goods had to come back has a finding, all planned units were accepted, no goods
    go back to the shopper, and the verdict confirms the reason. Compensation and resending need no goods.
    """
    by_line = {finding.line_id: finding for finding in findings}
    planned: dict[Line, int] = {}
    for item in items:
        if item.line and item.remedy in NEEDS_GOODS:
            planned[item.line] = planned.get(item.line, 0) + item.quantity
    return all(_line_fits(line, units, by_line.get(line.pk)) for line, units in planned.items())


def _line_fits(line: Line, planned: int, finding: Finding | None) -> bool:
    return (
        finding is not None
        and line.accepted == planned
        and finding.verdict in CONFIRMING[line.reason.liability == Reason.Liability.SHOPPER]
        and finding.disposition != Finding.Disposition.SEND_BACK
    )
