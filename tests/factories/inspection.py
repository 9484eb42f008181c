"""Receipts and inspections, row by row; ``inspection.actions`` writes whole visits."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from inspection.models import (
    Appraisal,
    Finding,
    Inspection,
    Photo,
    Receipt,
    Surplus,
    UnknownParcel,
    UnknownParcelPhoto,
)
from tests.factories.people import UserFactory
from tests.factories.returns import make_case
from tests.factories.signoff import PLACED

RECEIVED = PLACED + timedelta(days=9)


class AppraisalFactory(DjangoModelFactory):
    class Meta:
        model = Appraisal

    case = factory.LazyFunction(make_case)
    verdict = Appraisal.Verdict.DEFECTIVE
    words = "The frame was glued badly."
    given_by = factory.SubFactory(UserFactory, role="inspector")
    given_at = RECEIVED


class ReceiptFactory(DjangoModelFactory):
    """All units that were asked for came in."""

    class Meta:
        model = Receipt

    case = factory.LazyFunction(make_case)
    received_at = RECEIVED
    received_by = factory.SubFactory(UserFactory, role="inspector")
    counted = factory.LazyAttribute(lambda receipt: {line.pk: line.requested for line in receipt.case.lines.all()})


class InspectionFactory(DjangoModelFactory):
    """An inspection that is still open."""

    class Meta:
        model = Inspection

    case = factory.LazyFunction(make_case)
    started_at = RECEIVED
    started_by = factory.SubFactory(UserFactory, role="inspector")


class FindingFactory(DjangoModelFactory):
    """The verdict on the first line of the case."""

    class Meta:
        model = Finding

    inspection = factory.SubFactory(InspectionFactory)
    line = factory.LazyAttribute(lambda finding: finding.inspection.case.lines.first())
    quantity = factory.LazyAttribute(lambda finding: finding.line.requested)
    verdict = Finding.Verdict.AS_CLAIMED
    disposition = Finding.Disposition.REFURBISH
    grade = Finding.Grade.C


class PhotoFactory(DjangoModelFactory):
    """A photo's row without files behind it; ``publish`` makes whole ones."""

    class Meta:
        model = Photo

    case = factory.LazyFunction(make_case)
    file = "pictures/cd/cd.jpg"
    thumbnail = "thumbnails/cd/cd.jpg"
    taken_by = factory.SubFactory(UserFactory, role="inspector")


class UnknownParcelFactory(DjangoModelFactory):
    """A parcel that waits for its case."""

    class Meta:
        model = UnknownParcel

    sender = "Anna Schmidt"
    carrier = "DHL"
    arrived_at = RECEIVED
    recorded_by = factory.SubFactory(UserFactory, role="inspector")


class UnknownParcelPhotoFactory(DjangoModelFactory):
    """A photo's row without files behind it."""

    class Meta:
        model = UnknownParcelPhoto

    unknown_parcel = factory.SubFactory(UnknownParcelFactory)
    file = "pictures/ef/ef.jpg"
    thumbnail = "thumbnails/ef/ef.jpg"


class SurplusFactory(DjangoModelFactory):
    """Something else that lay in the box, undecided."""

    class Meta:
        model = Surplus

    case = factory.LazyFunction(make_case)
    quantity = 1
    words = "A charger"
    found_at = RECEIVED
    found_by = factory.SubFactory(UserFactory, role="inspector")
