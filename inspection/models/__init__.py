"""Models of the bench: receipt, inspection, findings, photos, appraisal."""

from inspection.models.appraisals import Appraisal
from inspection.models.inspections import Finding, Inspection, Photo
from inspection.models.receipts import Receipt
from inspection.models.unknown_parcels import Surplus, UnknownParcel, UnknownParcelPhoto

__all__ = [
    "Appraisal",
    "Finding",
    "Inspection",
    "Photo",
    "Receipt",
    "Surplus",
    "UnknownParcel",
    "UnknownParcelPhoto",
]
