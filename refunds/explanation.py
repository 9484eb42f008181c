"""The frozen explanation of a plan: parts of a quote as plain JSON, and back, so that any language can tell them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from refunds.money import Kind, Part, why

AMOUNTS = ("net", "tax", "gross", "worth", "list_total", "discount", "before")


def as_facts(part: Part) -> dict[str, Any]:
    """A part as it is stored: amounts as strings, ``why`` in the language of who froze it."""
    return {
        "kind": part.kind.value,
        "line": part.line,
        "shipping": part.shipping,
        "quantity": part.quantity,
        "tax_included": part.tax_included,
        **{name: str(getattr(part, name)) for name in AMOUNTS},
        "why": why(part),
    }


def as_part(facts: Mapping[str, Any]) -> Part:
    """The part that ``facts`` were stored from; which units it was about stands on the item."""
    return Part(
        kind=Kind(facts["kind"]),
        line=facts["line"],
        shipping=facts["shipping"],
        quantity=facts["quantity"],
        tax_included=facts["tax_included"],
        **{name: Decimal(facts[name]) for name in AMOUNTS},
    )
