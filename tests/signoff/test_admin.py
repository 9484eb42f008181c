"""The admin configures and shows; it never changes what happened."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from returns.models import Case, Reason
from signoff.models import DeliveryTerms, ExceptionKind, Shop
from signoff.web.admin import ReadOnlyAdmin
from tests.factories import ReasonFactory, ShopFactory, make_case

pytestmark = pytest.mark.django_db

OURS = {"signoff", "returns", "inspection", "refunds", "feedback"}
#: what people may configure; everything else is a window
CONFIGURED = {
    "signoff.Shop",
    "signoff.ScoreRule",
    "signoff.DeliveryTerms",
    "signoff.Team",
    "signoff.StaffProfile",
    "returns.Reason",
    "refunds.ApprovalTier",
    "feedback.MessageTemplate",
    "feedback.SavedReply",
}
WINDOWS = [
    model for model in admin.site._registry if model._meta.app_label in OURS and model._meta.label not in CONFIGURED
]


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss"))
    return client


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", WINDOWS, ids=lambda model: model._meta.label)
def test_a_window_shows_and_refuses_every_change(boss: Client, model: Any) -> None:
    case = make_case()
    assert isinstance(admin.site._registry[model], ReadOnlyAdmin)
    assert boss.get(address(model, "changelist")).status_code == 200
    assert "delete_selected" not in boss.get(address(model, "changelist")).content.decode()
    assert boss.get(address(model, "add")).status_code == 403
    for row in model.objects.all()[:1]:
        assert boss.get(address(model, "change", row.pk)).status_code == 200
        assert boss.post(address(model, "change", row.pk), {"status": "closed"}).status_code == 403
        assert boss.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert Case.objects.get(pk=case.pk).seq == 1


def test_a_case_is_found_in_its_window_without_counting_all_of_them(boss: Client) -> None:
    case = make_case()
    response = boss.get(address(Case, "changelist"), {"q": case.number})
    assert [row.number for row in response.context["cl"].result_list] == [case.number]


@pytest.mark.parametrize(("model", "factory"), [(Shop, ShopFactory), (Reason, ReasonFactory)])
def test_configuration_is_changed_with_its_history(boss: Client, model: Any, factory: Any) -> None:
    row = factory()
    page = boss.get(address(model, "change", row.pk))
    fields = {name: value for name, value in page.context["adminform"].form.initial.items() if value or value == 0}
    name = "name" if model is Shop else "title_en"
    assert boss.post(address(model, "change", row.pk), {**fields, name: "Changed"}).status_code == 302
    newest = row.history.latest()
    assert (getattr(newest, name), newest.history_user.username) == ("Changed", "boss")
    assert boss.get(address(model, "history", row.pk)).status_code == 200


def test_delivery_terms_are_configured_with_boxes_for_troubles(boss: Client) -> None:
    shop = ShopFactory()
    assert boss.get(address(DeliveryTerms, "add")).text.count('name="case_for"') == len(ExceptionKind)
    terms = {"shop": shop.pk, "sign_within_days": 10, "quiet_days": 4, "case_for": ["lost", "late"]}
    assert boss.post(address(DeliveryTerms, "add"), terms).status_code == 302
    kept = DeliveryTerms.objects.get(shop=shop)
    assert (kept.sign_within_days, kept.case_for, kept.history.count()) == (10, ["lost", "late"], 1)
    refused = boss.post(address(DeliveryTerms, "change", kept.pk), terms | {"sign_within_days": 1})
    assert "greater than or equal to 2" in refused.text


def test_a_shop_whose_clocks_would_stop_is_refused() -> None:
    shop = ShopFactory(time_zone="Mars/Olympus")
    with pytest.raises(ValidationError, match="There is no time zone “Mars/Olympus”"):
        shop.clean_fields()
