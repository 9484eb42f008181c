"""The public API: operations of every app under /api/v1/, with one error format and one OpenAPI description."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema
from pydantic import BaseModel

from config.api.access import declare_access
from refunds.money import QuoteIn
from refunds.pricing.api import router as quotes
from signoff.api.errors import ApiRefused, Refusal
from signoff.api.idempotency import KEY

#: request bodies that operations parse themselves, to answer our sentences instead of the library's list of errors
BODIES: tuple[type[BaseModel], ...] = (QuoteIn,)

IDEMPOTENCY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
    "description": "The same key with the same body gets the same answer, for 30 days; another body is refused.",
}


class HomewardAPI(NinjaAPI):
    """Adds to the description the bodies that operations parse themselves, and the Idempotency-Key of every POST."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        description = super().get_openapi_schema(**options)
        schemas = description["components"]["schemas"]
        for model in BODIES:
            schema = model.model_json_schema(ref_template=REF_TEMPLATE, schema_generator=NinjaGenerateJsonSchema)
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        for operations in description["paths"].values():
            if "post" in operations:
                operations["post"]["parameters"].append(IDEMPOTENCY)
        return description


api = HomewardAPI(
    title="Homeward",
    version="1",
    description="After-sales, for programs. Amounts are texts of plain digits in the order's currency.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", quotes)


@api.exception_handler(ApiRefused)
def refuse(request: HttpRequest, refused: ApiRefused) -> HttpResponse:
    refusal = Refusal(code=refused.code, detail=refused.detail)
    answer = api.create_response(request, refusal.model_dump(), status=refused.status)
    for name, value in refused.headers.items():
        answer.headers[name] = value
    return answer


def url_patterns() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Patterns, app name and namespace for ``path()``; every view has its access declared."""
    patterns, app_name, namespace = api.urls
    return declare_access(patterns), app_name, namespace
