"""POST /api/v1/quotes: the amount of a refund, part by part; changes nothing."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from ninja import Router
from ninja.openapi.schema import REF_TEMPLATE

from refunds.money import (
    Code,
    OrderNumber,
    Quote,
    QuoteIn,
    QuoteRefused,
    as_answer,
    parse_request,
    wish_of,
)
from refunds.pricing.api_schema import QuoteOut
from refunds.pricing.quote_input import QuoteInput, from_order, from_request
from refunds.ways.rules import way_of
from signoff.api.auth import ApiRequest, TokenAuth
from signoff.api.errors import Refusal, Reply
from signoff.api.idempotency import idempotent
from signoff.api.json_body import NotJson, json_of
from signoff.models import ApiToken, Order, Scope

router = Router(tags=["quotes"])

REQUEST = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": REF_TEMPLATE.format(model=QuoteIn.__name__)}}},
    }
}


@router.post(
    "/quotes",
    auth=TokenAuth(Scope.QUOTES),
    response={200: QuoteOut, **dict.fromkeys((401, 403, 409, 411, 413, 415, 422), Refusal)},
    operation_id="quote",
    summary="What goes back",
    openapi_extra=REQUEST,
)
@idempotent
def make_quote(request: ApiRequest) -> Reply:
    """What a refund of an order comes to: the total with every part of it and why, and which payment gives how much.

    Nothing is refunded. The order stands in the request, or is a stored one: `{"order": {"number": "L-5001"}}`.
    """
    try:
        return Reply(200, _answer(json_of(request.body), request.auth))
    except NotJson as unreadable:
        return Reply(422, {"code": Code.INVALID_ORDER.value, "detail": str(unreadable)})
    except QuoteRefused as refused:
        return Reply(422, {"code": refused.code.value, "detail": refused.detail})


def _answer(body: object, token: ApiToken) -> dict[str, Any]:
    """The quote as JSON; the payments of a stored order say how they go back."""
    request = parse_request(body)
    if not isinstance(request.order, OrderNumber):
        return as_answer(_quoted(request, from_request(request.order)))
    order = _order(request.order.number, token)
    prefetch_related_objects([order], "payments")
    answer = as_answer(_quoted(request, from_order(order)))
    ways = {str(place): way_of(payment) for place, payment in enumerate(order.payments.all(), start=1)}
    return answer | {"ways": [{"id": paid["id"], "way": ways.get(paid["id"], "")} for paid in answer["payments"]]}


def _quoted(request: QuoteIn, source: QuoteInput) -> Quote:
    wish, elsewhere = wish_of(request, source.sale)
    return source.quote(wish, elsewhere=elsewhere)


def _order(number: str, token: ApiToken) -> Order:
    """The order, if the token may see it; an order of another shop is treated as missing."""
    orders = Order.objects.visible_to_token(token).filter(number=number)
    matches = list(orders[:2]) if number.isprintable() else []
    if len(matches) == 1:
        return matches[0]
    if matches:
        detail = _("Several shops have an order “%(number)s”. Use the token of the right shop.")
    else:
        detail = _("There is no order “%(number)s” here. Check the number, or send the whole order.")
    raise QuoteRefused(Code.INVALID_ORDER, detail % {"number": number})
