"""All transitions of ``Case``, one row for each source state."""

from dataclasses import dataclass

from django.utils.functional import Promise

from returns.models import Case


@dataclass(frozen=True)
class Transition:
    """One transition from ``source`` to ``target``. ``who``: staff, shopper (staff too, for a caller) or system."""

    name: str
    label: str | Promise
    source: str
    target: str
    who: str


def steps() -> list[Transition]:
    """All of them, in the order of the states."""
    order = Case.Status.values
    transitions = [
        Transition(step.name, step.custom["label"], str(step.source), str(step.target), _who(step.custom))
        for step in Case._meta.get_field("status").get_all_transitions(Case)
    ]
    return sorted(transitions, key=lambda step: (order.index(step.source), order.index(step.target), step.name))


def _who(custom: dict[str, object]) -> str:
    if custom.get("system"):
        return "system"
    return "shopper" if custom.get("shopper") else "staff"
