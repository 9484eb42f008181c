"""Payment methods, languages, and which keys were met."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.imports.orders.customers import supported_language
from signoff.imports.orders.rows import payment_method
from signoff.imports.orders.run import IdBitset


@pytest.mark.parametrize(
    ("words", "method"),
    [
        ("credit_card", "card"), ("Visa", "card"), ("shopify_payments", "card"), ("boleto", "bank"), ("bacs", "bank"),
        ("Direct Bank Transfer", "bank"), ("voucher", "store_credit"), ("余额", "store_credit"), ("支付宝", "wallet"),
        ("PayPal Express", "wallet"), ("cash on delivery", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_what_shops_call_a_means_of_payment_has_a_kind(words: str, method: str) -> None:
    assert payment_method(words).value == method


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", "zh-hans"), ("zh-hans", "zh-hans"), ("zh-TW", "zh-hant"), ("zh_HK", "zh-hant"),
        ("en-GB", "en"), ("pt-BR", ""), ("", ""),
        ("?", ""), ("x" * 600, ""),
    ],
)  # fmt: skip
def test_a_shoppers_language_is_one_that_the_house_speaks_or_none(tag: str, language: str) -> None:
    assert supported_language(tag) == language


@given(added=st.sets(st.integers(1, 10**7)), others=st.sets(st.integers(1, 10**7)))
def test_only_keys_that_were_added_are_met(added: set[int], others: set[int]) -> None:
    marks = IdBitset()
    for key in added:
        marks.add(key)
    assert all(key in marks for key in added)
    assert not any(key in marks for key in others - added)
