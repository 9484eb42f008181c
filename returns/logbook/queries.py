"""The logbook of a case as pages read it."""

from returns.models import Case, LogEntry
from signoff.db.prepared.batch import is_prefetched


def log_of(case: Case) -> list[LogEntry]:
    """The logbook in its order, each entry with its author; asks only where it is not laid out."""
    return list(case.log.all() if is_prefetched(case, "log") else case.log.select_related("by").order_by("seq"))
