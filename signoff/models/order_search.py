"""Places where a search for orders looks; each has an index of its own."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact, StartsWith

from signoff.db.search import Place, contains_folded, contains_latin, contains_text
from signoff.db.search_text import (
    Alphanumeric,
    NumberKey,
    ReversedDigits,
    alphanumeric,
    number_key,
    reversed_digits,
)
from signoff.models.customers import Customer

SHORT = 3  # of an article number shorter than this only the whole is looked for


def order_places(orders: QuerySet, words: str) -> list[Place]:
    """All places but telephone numbers, which need a permission; ``orders`` are all orders, unordered."""
    return [
        _number(orders, words),
        *_people(orders, words),
        *_destinations(orders, words),
        *_parcels(orders, words),
        *_lines(orders, words),
    ]


def phone_places(orders: QuerySet, words: str) -> list[Place]:
    """Customers and destinations whose telephone number ends with these digits."""
    if not (tail := reversed_digits(words)):
        return []
    return [
        Place(
            Customer.objects.filter(phone_ends("phone", tail)),
            lambda keys: orders.filter(customer__in=keys),
            phone_ends("customer__phone", tail),
        ),
        Place(
            _related_rows(orders, "destination").filter(phone_ends("phone", tail)),
            lambda keys: orders.filter(pk__in=keys),
            phone_ends("destination__phone", tail),
        ),
    ]


def numbered(words: str, path: str = "") -> Q:
    """Orders whose number contains ``words`` or has their normal form; for other models by ``path`` to the order."""
    alike = Q(Exact(NumberKey(F(f"{path}number")), key)) if (key := number_key(words)) else Q()
    return contains_latin(f"{path}number", unicodedata.normalize("NFKC", words)) | alike


def _number(orders: QuerySet, words: str) -> Place:
    """Order number, or the shop system's id."""
    own_id = Q(external_id__iexact=words) & ~Q(external_id="")
    return Place(
        orders.filter(numbered(words) | own_id),
        _orders_by_key(orders),
        numbered(words) | Q(external_id__iexact=words),
    )


def _people(orders: QuerySet, words: str) -> list[Place]:
    email = unicodedata.normalize("NFKC", words)
    return [
        Place(Customer.objects.filter(condition), lambda keys: orders.filter(customer__in=keys), row)
        for condition, row in (
            (contains_text("name", words), contains_folded("customer__name", words)),
            (contains_latin("email", email), Q(customer__email__icontains=email)),
        )
    ]


def _destinations(orders: QuerySet, words: str) -> list[Place]:
    """Recipients of parcels who are not the customer."""
    named = _related_rows(orders, "destination").filter(contains_text("name", words))
    return [Place(named, _orders_by_key(orders), contains_folded("destination__name", words))]


def _parcels(orders: QuerySet, words: str) -> list[Place]:
    if not (number := alphanumeric(words)):
        return []
    parcels = _related_rows(orders, "parcels").filter(Exact(Alphanumeric(F("tracking_number")), number))
    return [
        Place(
            parcels,
            lambda keys: orders.filter(parcels__in=keys),
            Q(Exists(parcels.filter(order=OuterRef("pk")))),
        )
    ]


def _lines(orders: QuerySet, words: str) -> list[Place]:
    """Articles by title, or by the start of their SKU."""
    lines = _related_rows(orders, "lines")
    number = Q(sku__istartswith=words) if len(words) >= SHORT else Q(sku__iexact=words)
    return [
        Place(
            lines.filter(condition),
            lambda keys: orders.filter(lines__in=keys),
            Q(Exists(lines.filter(row, order=OuterRef("pk")))),
        )
        for condition, row in ((contains_text("title", words), contains_folded("title", words)), (number, number))
    ]


def phone_ends(column: str, tail: str) -> Q:
    return Q(StartsWith(ReversedDigits(F(column)), tail))


def _related_rows(orders: QuerySet, name: str) -> QuerySet:
    """All rows of the model behind a relation of orders."""
    return orders.model._meta.get_field(name).related_model._default_manager.order_by()


def _orders_by_key(orders: QuerySet) -> Any:
    def by_keys(keys: Sequence[Any]) -> QuerySet:
        return orders.filter(pk__in=keys)

    return by_keys
