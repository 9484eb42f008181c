"""Configuration of the lowest floor, and windows on its rows: a module for each topic."""

from signoff.admin import orders, parcels, programs
from signoff.admin.windows import ConfiguredAdmin, ReadOnly, ReadOnlyAdmin, ReadOnlyInline

__all__ = ["ConfiguredAdmin", "ReadOnly", "ReadOnlyAdmin", "ReadOnlyInline", "orders", "parcels", "programs"]
