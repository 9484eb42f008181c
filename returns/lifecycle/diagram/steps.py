"""What the code says: every transition of ``Case``, one row for each source."""

from dataclasses import dataclass

from django.utils.functional import Promise

from returns.models import Case


@dataclass(frozen=True)
class Step:
    """One way from ``source`` to ``target``. ``who``: staff, shopper (staff too, for a caller) or system."""

    name: str
    label: str | Promise
    source: str
    target: str
    who: str


def steps() -> list[Step]:
    """All of them, in the order of the states."""
    order = Case.Status.values
    found = [
        Step(step.name, step.custom["label"], str(step.source), str(step.target), _who(step.custom))
        for step in Case._meta.get_field("status").get_all_transitions(Case)
    ]
    return sorted(found, key=lambda step: (order.index(step.source), order.index(step.target), step.name))


def _who(custom: dict[str, object]) -> str:
    if custom.get("system"):
        return "system"
    return "shopper" if custom.get("shopper") else "staff"
