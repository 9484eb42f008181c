"""Refund arithmetic: ``quote`` is a pure function of the order, the wish and earlier refunds.

No database, no clock. ``inputs`` has the input and output values, ``units`` the refundable rest of a line,
``parse_request`` reads the API's JSON, ``answer`` writes it, ``text`` explains a part in one sentence.
"""

from refunds.money.answer import as_answer
from refunds.money.inputs import (
    Code,
    EarlierRefund,
    FeeWish,
    Kind,
    LineWish,
    Part,
    Quote,
    QuoteRefused,
    Sale,
    ShippingWish,
    SoldLine,
    Tender,
    Wish,
)
from refunds.money.parse_request import OrderIn, OrderNumber, QuoteIn, from_request, parse_request, sale_of, wish_of
from refunds.money.quote import pay_back, quote
from refunds.money.text import why

__all__ = [
    "Code",
    "EarlierRefund",
    "FeeWish",
    "Kind",
    "LineWish",
    "OrderIn",
    "OrderNumber",
    "Part",
    "Quote",
    "QuoteIn",
    "QuoteRefused",
    "Sale",
    "ShippingWish",
    "SoldLine",
    "Tender",
    "Wish",
    "as_answer",
    "from_request",
    "parse_request",
    "pay_back",
    "quote",
    "sale_of",
    "why",
    "wish_of",
]
