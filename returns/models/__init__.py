"""Models of cases: case, lines, evidence, reasons, logbook, teamwork."""

from returns.models.cases import Case
from returns.models.checkpoints import Checkpoint
from returns.models.contacts import Contact
from returns.models.evidence import Draft, Evidence
from returns.models.lines import Line
from returns.models.logbook import LogEntry, ReadingPlace
from returns.models.origins import CaseOrigin
from returns.models.reasons import Reason
from returns.models.statements import Statement
from returns.models.teamwork import CaseWatcher, Presence

__all__ = [
    "Case",
    "CaseOrigin",
    "CaseWatcher",
    "Checkpoint",
    "Contact",
    "Draft",
    "Evidence",
    "Line",
    "LogEntry",
    "Presence",
    "ReadingPlace",
    "Reason",
    "Statement",
]
