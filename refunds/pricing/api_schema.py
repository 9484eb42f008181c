"""The answer of the quote API, for its OpenAPI page; ``refunds.money.answer`` writes it."""

from typing import Literal

from ninja import Schema
from pydantic import Field


class PartOut(Schema):
    """One part of the total; gross = net + tax, below zero for a fee."""

    kind: Literal["goods", "shipping", "fee"]
    line: str | None = Field(None, description="Only where the part belongs to a line.")
    shipping: str | None = Field(None, description="Only where the part belongs to a shipping charge.")
    quantity: int | None = Field(None, description="Only for goods.")
    net: str
    tax: str
    gross: str
    why: str = Field(description="The arithmetic as a sentence.")


class PaymentOut(Schema):
    """What goes back to one payment."""

    id: str
    amount: str


class WayOut(Schema):
    """By which way a payment of a stored order goes back."""

    id: str
    way: Literal["platform", "provider_by_hand", "manual", "store_credit", ""] = Field(
        description="“manual” is a bank transfer; empty where a person decides."
    )


class QuoteOut(Schema):
    """What goes back: total = net + tax = the sum of the parts = the sum of the payments, where those are known."""

    currency: str
    total: str
    net: str
    tax: str
    parts: list[PartOut]
    payments: list[PaymentOut]
    ways: list[WayOut] | None = Field(None, description="Only for a stored order: one for each of “payments”.")
