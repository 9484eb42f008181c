"""Requests to the quote API over HTTP."""

import copy
import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from signoff.api.tokens import create_token
from signoff.models import Scope, Shop

QUOTES = "/api/v1/quotes"
ORDER: dict[str, Any] = {
    "number": "G-1",
    "placed_at": "2026-03-01T10:00:00Z",
    "currency": "EUR",
    "country": "DE",
    "prices_include_tax": False,
    "lines": [
        {"id": "1", "sku": "A", "title": "Cup", "quantity": 3, "unit_price": "100.00", "tax_rate": "0"},
        {"id": "2", "sku": "B", "title": "Pot", "quantity": 1, "unit_price": "50.00", "tax_rate": "0.20"},
    ],
    "discounts": [{"code": "D", "amount": "10.00", "lines": ["1"]}],
    "shipping": [{"id": "s1", "amount": "20.00", "tax_rate": "0.20", "discount": "10.00"}],
    "payments": [
        {"id": "g", "method": "gift_card", "amount": "50.00"},
        {"id": "c", "method": "card", "amount": "312.00"},
    ],
}


def new_token(*, shop: Shop | None = None, scopes: list[str] | None = None) -> str:
    """A token that may ask for quotes."""
    return create_token("tests", scopes=scopes or [Scope.QUOTES], shop=shop, lasts=None)[1]


def quote_body(**request: Any) -> dict[str, Any]:
    """A request for one unit of the first line of ``ORDER``, with ``request`` on top."""
    return {"order": copy.deepcopy(ORDER), "remedy": "refund", "lines": [{"id": "1", "quantity": 1}], **request}


def post_quote(client: Client, token: str, request: Any, **headers: str) -> HttpResponse:
    """POST ``request``: JSON values, or bytes as they are."""
    return client.post(
        QUOTES,
        request if isinstance(request, bytes) else json.dumps(request),
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {token}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        },
    )
