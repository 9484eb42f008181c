"""Models of the bench: receipt, inspection, findings, photos, appraisal."""

from inspection.models.appraisals import Appraisal
from inspection.models.inspections import Finding, Inspection, Photo
from inspection.models.receipts import Receipt

__all__ = ["Appraisal", "Finding", "Inspection", "Photo", "Receipt"]
