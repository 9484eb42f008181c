"""What the administrator sets and what he only sees."""

import pytest
from django.test import Client

from refunds.models import ApprovalTier
from tests.factories import ShopFactory, UserFactory, make_case
from tests.steps.plans import propose_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(role="administrator", is_staff=True))
    return client


def test_tiers_are_set_with_history(administrator: Client) -> None:
    shop = ShopFactory()
    administrator.post("/admin/refunds/approvaltier/add/", {"shop": shop.pk, "above": "500", "approvers": "2"})
    tier = ApprovalTier.objects.get()
    assert (tier.shop, tier.above, tier.approvers) == (shop, 500, 2)
    assert administrator.get(f"/admin/refunds/approvaltier/{tier.pk}/history/").status_code == 200


@pytest.mark.parametrize("model", ["resolution", "item", "approval", "refund", "entry", "replacement"])
def test_plans_are_only_looked_at(administrator: Client, model: str) -> None:
    plan = propose_plan(make_case()).resolutions.get()
    assert administrator.get(f"/admin/refunds/{model}/").status_code == 200
    assert administrator.get(f"/admin/refunds/{model}/add/").status_code == 403
    if model == "resolution":
        assert administrator.get(f"/admin/refunds/resolution/{plan.pk}/change/").status_code == 200
        assert administrator.post(f"/admin/refunds/resolution/{plan.pk}/change/", {"total": "1"}).status_code == 403
