"""A second shopper with orders, cases, drafts and pictures, so that all their forms are on the pages."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet

from returns.models import Case, Draft
from signoff.models import Order, Parcel
from tests.factories import ReasonFactory, make_case
from tests.factories.sample_shop import SampleShop, orders
from tests.steps import case_states

S = Case.Status
STATES = (S.WAITING_ON_SHOPPER, S.OFFERED, S.AUTHORISED, S.REJECTED, S.RESOLVED)
THE_SHOPS = ("Shop", "Reason", "ApprovalTier", "MessageTemplate", "ReadingPlace", "ApiToken")
APPS = ("signoff", "returns", "inspection", "refunds", "feedback")


@dataclass
class OtherShopper:
    """``cases`` by status, and an order with a request that is being written."""

    cases: dict[str, Case] = field(default_factory=dict)
    order: Order | None = None
    draft: Draft | None = None

    @property
    def parcel(self) -> Parcel:
        """What was sent for the order, and nobody has signed for."""
        return self.order.parcels.get()


def make_other_shopper(world: SampleShop) -> OtherShopper:
    """Build it by the product's own actions, in another household than everything of ``world``."""
    neighbour = OtherShopper()
    for order, status in zip(orders(), STATES, strict=False):
        reason = ReasonFactory(shop=order.shop)
        neighbour.cases[status] = case_states.bring_to_state(make_case(order=order, reason=reason), world.staff, status)
    neighbour.order = next(orders())
    line = {"line": neighbour.order.lines.first().pk, "quantity": 1, "reason": "defective", "wish": "refund"}
    neighbour.draft = Draft.objects.create(order=neighbour.order, data={"lines": [line | {"words": "Dark."}]})
    return neighbour


def everything() -> dict[type[Model], set[Any]]:
    """The keys of all rows of the apps that belong to shoppers, by model; what is the shop's is nobody's."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    kept = {model: set(model._base_manager.values_list("pk", flat=True)) for model in models}
    return {model: keys for model, keys in kept.items() if model.__name__.removeprefix("Historical") not in THE_SHOPS}


def of(keys: dict[type[Model], set[Any]]) -> dict[type, QuerySet]:
    return {model: model._base_manager.filter(pk__in=found).order_by("pk") for model, found in keys.items()}


def references(model: type[Model], to: Collection[type[Model]]) -> list[ForeignKey]:
    """The model's columns that point at one of ``to``."""
    return [
        found for found in model._meta.concrete_fields if isinstance(found, ForeignKey) and found.related_model in to
    ]
