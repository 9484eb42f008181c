"""Orders from files. A format is a module that reads one kind of file; this is the list of them.

``tables`` opens files, ``terms`` is what formats speak, ``store`` writes orders, ``refused`` the rows that
were not taken, ``running`` does one import from beginning to end.
"""

from signoff.imports.online_retail import OnlineRetail
from signoff.imports.running import Outcome, import_orders
from signoff.imports.tables import Table, Unreadable
from signoff.imports.terms import Format

FORMATS: dict[str, Format] = {"online-retail": OnlineRetail}

__all__ = ["FORMATS", "Outcome", "Table", "Unreadable", "import_orders"]
