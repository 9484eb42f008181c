"""Whatever is sent to the API, it answers as its own OpenAPI says and never with a 5xx.

Requests come from the description (right and wrong ones, by schemathesis) and from a right request in which
one place holds something else, so that they also reach the arithmetic.
"""

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from refunds.money import Quote
from refunds.money import quote as real_quote
from refunds.pricing import api, quote_input
from tests.factories import OrderFactory
from tests.steps.quote_api import ORDER, new_token

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
REQUEST: dict[str, Any] = {
    "order": ORDER,
    "remedy": "refund",
    "lines": [{"id": "1", "quantity": 1, "amount": "5.00"}, {"id": "2", "quantity": 1}],
    "shipping": [{"id": "s1", "amount": "2.50"}],
    "units": {"1": [2]},
    "fees": [{"kind": "label", "rate": "0.1"}, {"kind": "label", "amount": "1.00", "tax_rate": "0.19"}],
    "already_refunded": [{"line": "1", "unit": 1, "amount": "1.00"}, {"shipping": "s1", "amount": "1.00"}],
}
TEXTS = [
    "",
    "0",
    "-1",
    "1e999",
    "NaN",
    "9" * 5000,
    "0.005",
    "\x00",
    "\ud800",
    "１",
    "🧦",
    "=1+1",
    "EUR",
    "JPY",
    "2",
    "1.5",
]
NUMBERS = [0, -1, 1, 2, 3, 10**12, 10**400, 0.1, -0.0]
ODD = st.sampled_from([*TEXTS, *NUMBERS, True, None, [], {}, [[]], {"": {}}])
ANYTHING = ODD | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield (*way, step)
        yield from places(one, (*way, step))


WAYS = list(places(REQUEST))


@st.composite
def nearly_right(draw: st.DrawFn) -> dict[str, Any]:
    """The request with up to three places that hold something else, or nothing."""
    request = copy.deepcopy(REQUEST)
    for way in draw(st.lists(st.sampled_from(WAYS), min_size=1, max_size=3)):
        holder: Any = request
        try:
            for step in way[:-1]:
                holder = holder[step]
            if draw(st.booleans()):
                holder[way[-1]] = draw(ANYTHING)
            else:
                del holder[way[-1]]
        except (KeyError, IndexError, TypeError):  # an earlier change took this place away
            continue
    return request


@pytest.fixture
def same_connection() -> Iterator[None]:
    """The requests see the test's own transaction, as those of Django's test client do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def operation(same_connection: None) -> APIOperation:
    load_all_checks()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    refusals = schema.config.checks.negative_data_rejection
    refusals.expected_statuses = [*refusals.expected_statuses, "413"]  # too long is refused before it is read
    return schema["/api/v1/quotes"]["POST"]


type Send = Callable[[Case], None]


@pytest.fixture
def answered() -> Counter[int]:
    """How often which status was answered."""
    return Counter()


@pytest.fixture
def send(answered: Counter[int]) -> Send:
    """Sends a request with a good token, counts its answer and holds it against the description."""
    token = new_token(shop=OrderFactory(number="L-1").shop)

    def one(case: Case) -> None:
        for name in [name for name in case.headers if name.casefold() == "host"]:
            del case.headers[name]  # a name that is none is refused before any address is looked at
        case.headers.update({"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})
        response = case.call()
        answered[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    return one


def run(source: st.SearchStrategy[Case], send: Send, examples: int) -> None:
    """Send so many requests from ``source``."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=source)
    def every(case: Case) -> None:
        send(case)

    every()


def sources(operation: APIOperation) -> list[st.SearchStrategy[Case]]:
    def as_case(request: dict[str, Any]) -> Case:
        return operation.Case(body=request, media_type="application/json")

    return [
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        nearly_right().map(as_case),
    ]


def test_the_api_answers_as_it_describes_itself_and_never_with_a_5xx(
    operation: APIOperation, send: Send, answered: Counter[int], size: Any, figure: Any
) -> None:
    for source in sources(operation):
        run(source, send, size(50, 1200))
    told = ", ".join(f"{status}: {count:,}" for status, count in sorted(answered.items()))
    figure("API", "requests from its own description", answered.total(), bound=f"≥ {size(150, 3300)}", note=told)
    figure("API", "answers 5xx", sum(count for status, count in answered.items() if status >= 500), bound="= 0")
    assert answered[200] > 0


def breaks_on_fees(*asked: Any, **options: Any) -> Quote:
    """The planted mistake: a quote with a fee divides by zero."""
    if asked[1].fees:
        raise ZeroDivisionError
    return real_quote(*asked, **options)


def test_negative_control_a_planted_500_is_found(
    operation: APIOperation, send: Send, monkeypatch: pytest.MonkeyPatch, size: Any
) -> None:
    monkeypatch.setattr(quote_input, "quote", breaks_on_fees)
    with pytest.raises(FailureGroup, match="Server error"):
        run(sources(operation)[2], send, size(60, 60))


def test_negative_control_an_answer_in_another_shape_is_found(
    operation: APIOperation, send: Send, monkeypatch: pytest.MonkeyPatch, size: Any
) -> None:
    monkeypatch.setattr(api, "as_answer", lambda quoted: {"total": quoted.total.__float__()})
    with pytest.raises(FailureGroup, match="violates schema"):
        run(sources(operation)[2], send, size(60, 60))
