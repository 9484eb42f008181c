"""A quote as plain JSON values, for the response of the quote API and for storage with a refund."""

from typing import Any

from refunds.money.inputs import Part, Quote
from refunds.money.text import why


def as_answer(quoted: Quote) -> dict[str, Any]:
    """{currency, total, net, tax, parts, payments}; amounts are strings."""
    return {
        "currency": quoted.currency,
        "total": str(quoted.total),
        "net": str(quoted.net),
        "tax": str(quoted.tax),
        "parts": [_part(part) for part in quoted.parts],
        "payments": [{"id": payment.id, "amount": str(payment.amount)} for payment in quoted.payments],
    }


def _part(part: Part) -> dict[str, Any]:
    named = {"line": part.line, "shipping": part.shipping, "quantity": part.quantity}
    return {
        "kind": part.kind.value,
        **{key: value for key, value in named.items() if value is not None},
        "net": str(part.net),
        "tax": str(part.tax),
        "gross": str(part.gross),
        "why": why(part),
    }
