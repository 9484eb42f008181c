"""Rows for tests, floor by floor, made the way the product makes them: what a deed writes is made by the deed."""

from tests.factories.feedback import (
    AnswerFactory,
    MessageFactory,
    MessageTemplateFactory,
    ReadingPlaceFactory,
    SurveyFactory,
)
from tests.factories.inspection import AppraisalFactory, FindingFactory, InspectionFactory, PhotoFactory, ReceiptFactory
from tests.factories.parcels import ParcelFactory, ParcelLineFactory, SignOffFactory, TrackingEventFactory
from tests.factories.people import UserFactory
from tests.factories.refunds import (
    ApprovalFactory,
    ApprovalTierFactory,
    ItemFactory,
    RefundFactory,
    ReplacementFactory,
    ResolutionFactory,
    make_entry,
)
from tests.factories.returns import (
    DraftFactory,
    EvidenceFactory,
    ReasonFactory,
    make_case,
    make_line,
    make_log_entry,
    make_statement,
)
from tests.factories.signoff import (
    PLACED,
    CustomerFactory,
    DiscountFactory,
    EntryCodeFactory,
    EntryTryFactory,
    OrderFactory,
    OrderLineFactory,
    PaymentFactory,
    ShippingChargeFactory,
    ShopFactory,
)

__all__ = [
    "PLACED",
    "AnswerFactory",
    "AppraisalFactory",
    "ApprovalFactory",
    "ApprovalTierFactory",
    "CustomerFactory",
    "DiscountFactory",
    "DraftFactory",
    "EntryCodeFactory",
    "EntryTryFactory",
    "EvidenceFactory",
    "FindingFactory",
    "InspectionFactory",
    "ItemFactory",
    "MessageFactory",
    "MessageTemplateFactory",
    "OrderFactory",
    "OrderLineFactory",
    "ParcelFactory",
    "ParcelLineFactory",
    "PaymentFactory",
    "PhotoFactory",
    "ReadingPlaceFactory",
    "ReasonFactory",
    "ReceiptFactory",
    "RefundFactory",
    "ReplacementFactory",
    "ResolutionFactory",
    "ShippingChargeFactory",
    "ShopFactory",
    "SignOffFactory",
    "SurveyFactory",
    "TrackingEventFactory",
    "UserFactory",
    "make_case",
    "make_entry",
    "make_line",
    "make_log_entry",
    "make_statement",
]
