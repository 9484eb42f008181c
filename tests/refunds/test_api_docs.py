"""What docs/api.md shows is what happens, and the description describes what is answered."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from refunds.money import Code, QuoteIn
from refunds.pricing.api_schema import QuoteOut
from tests.refunds.test_money_golden import CASES
from tests.steps.quote_api import new_token, post_quote

pytestmark = pytest.mark.django_db
PAGE = (settings.BASE_DIR / "docs" / "api.md").read_text()


def test_the_example_of_the_page_is_answered_as_the_page_says(client: Client) -> None:
    sent, answered = re.search(r"-d '(.+?)'\n```\n\n```json\n(.+?)```", PAGE, re.DOTALL).groups()
    response = post_quote(client, new_token(), json.loads(sent))
    assert (response.status_code, response.json()) == (200, json.loads(answered))


def test_every_code_is_on_the_page() -> None:
    assert {code.value for code in Code} <= set(re.findall(r"`([a-z_]+)`", PAGE))


def test_the_description_is_openapi_3_1_and_needs_no_token(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    operation = described["paths"]["/api/v1/quotes"]["post"]
    assert described["openapi"].startswith("3.1")
    assert described["components"]["securitySchemes"] == {"TokenAuth": {"type": "http", "scheme": "bearer"}}
    assert operation["security"] == [{"TokenAuth": []}]
    assert operation["responses"].keys() == {"200", "401", "403", "409", "411", "413", "415", "422"}
    assert {"$ref": "#/components/schemas/QuoteIn"} in operation["requestBody"]["content"]["application/json"].values()


def test_every_reference_of_the_description_leads_somewhere(client: Client) -> None:
    page = client.get("/api/v1/openapi.json")
    known = page.json()["components"]["schemas"]
    assert set(re.findall(r"#/components/schemas/([^\"]+)", page.text)) <= known.keys()


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_the_description_fits_every_worked_case(client: Client, case: dict) -> None:
    response = post_quote(client, new_token(), case["request"])
    if response.status_code == 200:
        QuoteIn.model_validate(case["request"])
        QuoteOut.model_validate(response.json())
