"""Configuration of the lowest floor, and windows on its rows: a module for each topic."""

from signoff.admin import delivery, imports, orders, parcels, programs, scores, sign_offs
from signoff.admin.windows import ConfiguredAdmin, ReadOnly, ReadOnlyAdmin, ReadOnlyInline

__all__ = [
    "ConfiguredAdmin",
    "ReadOnly",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "delivery",
    "imports",
    "orders",
    "parcels",
    "programs",
    "scores",
    "sign_offs",
]
