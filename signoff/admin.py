"""Registers the admin pages of the packages, which Django looks for here."""

from signoff.api import admin as api
from signoff.imports.jobs import admin as imports
from signoff.orders import admin as orders
from signoff.parcels import admin as parcels
from signoff.scorecards import admin as scorecards
from signoff.signoffs import admin as signoffs
from signoff.staff import admin as staff

__all__ = ["api", "imports", "orders", "parcels", "scorecards", "signoffs", "staff"]
