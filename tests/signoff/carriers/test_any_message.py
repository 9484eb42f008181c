"""Whatever is sent: a list of what was told, or a sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.carriers import PROVIDERS, BadSignature, TrackingUpdate, UnreadableMessage
from signoff.carriers.messages import Code
from tests.factories.carrier_messages import EXAMPLES, example_message, message_body

NAMES = sorted(EXAMPLES)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def sound(update: TrackingUpdate) -> bool:
    """Whether it can be stored as it is."""
    keys = [(event.occurred_at, event.code, event.description) for event in update.events]
    return (
        0 < len(update.number) <= 80
        and len(update.carrier) <= 60
        and all(len(event.description) <= 250 and len(event.place) <= 120 for event in update.events)
        and all(event.code in Code and event.occurred_at.utcoffset() is not None for event in update.events)
        and [key[0] for key in keys] == sorted(key[0] for key in keys)
        and len(set(keys)) == len(keys)
        and "\x00" not in repr(update)
        and bool(repr(update).encode())
    )


def is_honest(read: Callable[[bytes], list[TrackingUpdate]], body: bytes) -> bool:
    try:
        return all(sound(update) for update in read(body))
    except UnreadableMessage as sentence:
        return str(sentence).endswith(".")


@st.composite
def mutated(draw: st.DrawFn, name: str) -> Any:
    """The provider's example with one to three of its values replaced, left out or said twice."""
    message = example_message(name)
    for _ in range(draw(st.integers(1, 3))):
        where: Any = message
        while True:
            keys = list(where) if isinstance(where, dict) else list(range(len(where)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(where[key], (dict, list)) and draw(st.integers(0, 3)):
                where = where[key]
                continue
            _change(draw, where, key)
            break
    return message


def _change(draw: st.DrawFn, where: Any, key: Any) -> None:
    action = draw(st.sampled_from(("replace", "leave out", "say twice")))
    if action == "leave out":
        del where[key]
    elif action == "say twice" and isinstance(where, list):
        where.append(where[key])
    else:
        where[key] = draw(ANYTHING)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(message=ANYTHING)
def test_any_json_value_gives_a_list_or_a_sentence(name: str, message: Any) -> None:
    assert is_honest(PROVIDERS[name].parse, json.dumps(message).encode())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_mutation_of_a_good_message_gives_a_list_or_a_sentence(name: str, data: st.DataObject) -> None:
    message = data.draw(mutated(name))
    assert is_honest(PROVIDERS[name].parse, json.dumps(message).encode())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, deadline=None)
@given(
    body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    headers=st.dictionaries(
        st.sampled_from(("sign", "X-Hmac-Signature", "aftership-hmac-sha256", "Shippo-Auth-Signature")),
        st.text(max_size=60),
    ),
)
def test_any_bytes_give_a_sentence_and_prove_nothing(name: str, body: bytes, headers: dict[str, str]) -> None:
    assert is_honest(PROVIDERS[name].parse, body)
    with pytest.raises(BadSignature):
        PROVIDERS[name].verify(body, headers, secret="a secret")


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_the_order_of_events_in_a_message_does_not_matter(name: str, data: st.DataObject) -> None:
    message = example_message(name)
    events = EXAMPLES[name][1](message)
    expected = PROVIDERS[name].parse(message_body(name, message))
    events[:] = data.draw(st.permutations(events))
    assert PROVIDERS[name].parse(message_body(name, message)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_that_trusts_a_message_is_found(name: str) -> None:
    def trusting(body: bytes) -> list[TrackingUpdate]:
        message = json.loads(body)
        return [TrackingUpdate(str(message.get("number", "x" * 81)), "")]

    assert not is_honest(trusting, b"{}")
    with pytest.raises(AttributeError):
        is_honest(trusting, b"[]")
