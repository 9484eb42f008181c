"""Scorecards: read from the database (``reading``), put into words, drawn, and written into a file."""

from signoff.scorecards.reading import (
    Span,
    card_of,
    failings_of,
    goods_value,
    parcels_of,
    rated_of,
    scorecards,
    span_of,
    stretches,
)

__all__ = [
    "Span",
    "card_of",
    "failings_of",
    "goods_value",
    "parcels_of",
    "rated_of",
    "scorecards",
    "span_of",
    "stretches",
]
