"""Does what the bench found fit what was planned? If so, the system goes on by itself."""

from collections.abc import Sequence

from inspection.models import Finding, Inspection
from refunds.actions.rules import NEEDS_GOODS
from refunds.models import Resolution
from returns.models import Case, Line, Reason
from signoff.prepared import Prepared

Verdict = Finding.Verdict

#: Verdicts that bear out why the goods came back. Somebody who changed their mind claims no fault, so finding
#: none is as it should be; finding one, or finding none where one was claimed, is for a person to weigh.
BORNE_OUT = {
    True: (Verdict.AS_CLAIMED, Verdict.NO_FAULT_FOUND),
    False: (Verdict.AS_CLAIMED, Verdict.OTHER_FAULT),
}

_FOUND = Prepared(
    lambda case: (
        Finding.objects.select_related("line__order_line")
        .filter(
            inspection=Inspection.objects.filter(case_id=case, concluded_at__isnull=False)
            .order_by("-concluded_at")
            .values("pk")[:1]
        )
        .order_by("line__order_line__position", "line_id", "pk")
    )
)


def fits(plan: Resolution, found: Sequence[Finding]) -> bool:
    """Whether what the last inspection has ``found`` bears out ``plan``, line by line.

    Every line whose goods had to come back has a finding, all planned units were accepted, nothing of it
    goes back to the shopper, and the verdict bears out the reason. Compensation and resending wait for
    no goods.
    """
    if not plan.goods_come_back:
        return True
    findings = {finding.line_id: finding for finding in found}
    planned: dict[Line, int] = {}
    for item in plan.items.all():
        if item.line and item.remedy in NEEDS_GOODS:
            planned[item.line] = planned.get(item.line, 0) + item.quantity
    return all(_line_fits(line, units, findings.get(line.pk)) for line, units in planned.items())


def findings_of(case: Case) -> list[Finding]:
    """What the last inspection that was concluded has found, with the articles."""
    return _FOUND.all(case.pk)


def _line_fits(line: Line, planned: int, finding: Finding | None) -> bool:
    personal = line.reason.liability == Reason.Liability.SHOPPER
    return (
        finding is not None
        and line.accepted == planned
        and finding.verdict in BORNE_OUT[personal]
        and finding.disposition != Finding.Disposition.SEND_BACK
    )
