"""Whether the verdict of the bench fits the plan. Pure: works on findings, items and lines that are passed in."""

from collections.abc import Iterable, Sequence

from inspection.models import Finding
from refunds.models import Item
from refunds.pricing.rules import NEEDS_GOODS
from returns.models import Line


def verdict_fits(items: Iterable[Item], findings: Sequence[Finding]) -> bool:
    """Whether the ``findings`` of an inspection allow a plan with these ``items`` to be carried out, line by line.

    Every line whose goods had to come back has findings, all planned units were accepted, no goods
    go back to the shopper, and every verdict confirms the reason. Compensation and resending need no goods.
    """
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.line_id, []).append(finding)
    planned: dict[Line, int] = {}
    for item in items:
        if item.line and item.remedy in NEEDS_GOODS:
            planned[item.line] = planned.get(item.line, 0) + item.quantity
    return all(_line_fits(line, units, by_line.get(line.pk, [])) for line, units in planned.items())


def _line_fits(line: Line, planned: int, findings: Sequence[Finding]) -> bool:
    return bool(findings) and line.accepted == planned and all(_unit_fits(line, finding) for finding in findings)


def _unit_fits(line: Line, finding: Finding) -> bool:
    return Finding.confirms(finding.verdict, line.reason) and finding.disposition != Finding.Disposition.SEND_BACK
