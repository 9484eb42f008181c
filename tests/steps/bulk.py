"""Steps of a bulk step: choose, confirm, and read what became of each row."""

from django.test import Client

from returns.models import Case
from signoff.models import BulkRun

CASES, APPROVALS = "/desk/bulk/cases/", "/desk/bulk/approvals/"


def chosen(client: Client, address: str, action: str, *cases: Case, **options: str) -> BulkRun:
    """The run that is drafted for these cases."""
    response = client.post(address, {"action": action, "row": [case.number for case in cases], "query": ""} | options)
    return BulkRun.objects.get(token=response.url.split("/")[-2])


def confirm(client: Client, run: BulkRun, **values: str) -> str:
    """Confirm the run; the page that follows."""
    return client.post(f"/desk/bulk/run/{run.token}/confirm/", values, follow=True).content.decode()


def outcomes(run: BulkRun) -> list[tuple[str, str]]:
    """Outcome and sentence of each row, in their order."""
    return [(item.outcome, item.said) for item in run.items.order_by("position")]
