"""QuerySet of cases: filters, joins, search and counts."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from returns.lifecycle.states import OPEN, waiting_for
from returns.permissions import REVIEW, may_see_cases
from signoff.db.lookups import any_of
from signoff.db.required import required
from signoff.db.search import Place, SearchResult, contains_folded, contains_latin, contains_text, search_places
from signoff.db.search_text import alphanumeric, reversed_digits
from signoff.models import Customer, Destination, Order, OrderLine, Parcel, Team
from signoff.models.order_search import numbered, phone_ends

if TYPE_CHECKING:
    from returns.models.cases import Case  # noqa: F401 - its module imports this one

COUNT_LIMIT = 1000  # no page counts further than this; it says "1000+" then


class CaseQuerySet(models.QuerySet["Case"]):
    """QuerySet methods of cases; each sets its own joins and order."""

    def waiting_for(self, permission: str) -> "CaseQuerySet":
        """Cases in states that wait for holders of ``permission``, by deadline."""
        return self.filter(status__in=waiting_for(permission)).order_by("due_at", "id")

    def open(self) -> "CaseQuerySet":
        """Cases that are not finished."""
        return self.filter(status__in=OPEN)

    def overdue(self, *, now: datetime | None = None) -> "CaseQuerySet":
        """Open cases whose deadline has passed."""
        return self.open().filter(due_at__lt=now or timezone.now())

    def owned_by(self, user: User | int) -> "CaseQuerySet":
        """Cases that ``user`` (or whose key this is) has taken and that are not finished."""
        return self.open().filter(owner=user)

    def whose_turn(self, turn: str, user: User | int) -> "CaseQuerySet":
        """Open cases as ``user`` sees them: "mine" waits for them, "others" is theirs and waits for others, "team" is
        of their teams, "unassigned" is free and waits for a review.
        """
        ours = waiting_for(REVIEW)
        match turn:
            case "mine":
                return self.filter(owner=user, status__in=ours)
            case "others":
                return self.filter(owner=user, status__in=[status for status in OPEN if status not in ours])
            case "team":
                return self.open().filter(team__in=Team.objects.active().filter(members=user).order_by().values("pk"))
            case _:
                return self.filter(owner=None, team=None, status__in=ours)

    def with_people(self) -> "CaseQuerySet":
        """Join customer, order, owner and shop, which every row of a list shows."""
        return self.select_related("customer", "order", "owner", "shop")

    def for_list(self) -> "CaseQuerySet":
        """Rows of a list, each with its lines, articles and reasons; two queries."""
        lines = required(self.model._meta.get_field("lines").related_model)._default_manager
        return self.with_people().prefetch_related(
            models.Prefetch("lines", lines.select_related("order_line", "reason"))
        )

    def visible_to(self, user: User | AnonymousUser) -> "CaseQuerySet":
        """The cases that a member of staff may see: all or none."""
        return self if may_see_cases(user) else self.none()

    def visible_to_entries(self, order_ids: list[int]) -> "CaseQuerySet":
        """Cases of the orders that a shopper's browser has access to."""
        return self.filter(any_of("order_id", order_ids))

    def search(self, words: str) -> "CaseQuerySet":
        """Cases whose number, order, customer, article or tracking number match ``words``; one query.

        For a list use ``found`` and ``page_by_key``, which looks through no more than it must.
        """
        return self.found(words).matching(self) if words.strip() else self

    def found(self, words: str) -> SearchResult:
        """Matches of ``words``, found by one index for each searched column."""
        return search_places(_places(self.model._default_manager.order_by(), words.strip()))

    def found_with_phones(self, words: str) -> SearchResult:
        """The same with the last digits of telephone numbers, for users who may see them (``signoff.web.access``)."""
        cases, words = self.model._default_manager.order_by(), words.strip()
        return search_places([*_places(cases, words), *_phones(cases, words)])

    def count_up_to(self, limit: int = COUNT_LIMIT) -> int:
        """The number of rows, at most ``limit`` + 1, which a page shows as "more than"."""
        return self.order_by()[: limit + 1].count()

    def counts_by_status(self, statuses: Iterable[str], *, limit: int = COUNT_LIMIT) -> dict[str, int]:
        """The number of cases in each of ``statuses``, each at most ``limit`` + 1; one query."""
        first, *others = (
            self.filter(status=status).order_by().values_list("status")[: limit + 1] for status in statuses
        )
        sql, parameters = first.union(*others, all=True).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT status, count(*) FROM ({sql}) AS listed (status) GROUP BY status", parameters)  # noqa: S608 - the ORM's own
            counts = dict(cursor.fetchall())
        return {status: counts.get(status, 0) for status in statuses}


_NUMBER = re.compile(r"R?(\d+)(\d)")


def case_number(words: str) -> str:
    """The number of a case as it is printed, from one that a person wrote: ``R-100042-6`` for ``r100042 6``."""
    written = _NUMBER.fullmatch(alphanumeric(words))
    return f"R-{written[1]}-{written[2]}" if written else ""


def _numbered(words: str) -> Q:
    number = unicodedata.normalize("NFKC", words).upper()
    return Q(number=case_number(words)) | Q(number__startswith=number) | Q(number__startswith=f"R-{number}")


def _places(cases: models.QuerySet, words: str) -> Sequence[Place]:
    """Where ``words`` may be, each place with its own index: OR over joins would read every row."""
    own = _numbered(words)
    articles = cases.model._meta.get_field("lines").related_model._default_manager.filter(
        contains_folded("order_line__title", words), case=models.OuterRef("pk")
    )
    email = unicodedata.normalize("NFKC", words)
    return [
        Place(cases.filter(own), lambda keys: cases.filter(pk__in=keys), own),
        Place(
            Order.objects.filter(numbered(words)),
            lambda keys: cases.filter(order__in=keys),
            numbered(words, "order__"),
        ),
        Place(
            Customer.objects.filter(contains_text("name", words)),
            lambda keys: cases.filter(customer__in=keys),
            contains_folded("customer__name", words),
        ),
        Place(
            Customer.objects.filter(contains_latin("email", email)),
            lambda keys: cases.filter(customer__in=keys),
            Q(customer__email__icontains=email),
        ),
        *_parcels(cases, words),
        Place(
            OrderLine.objects.filter(contains_text("title", words)),
            lambda keys: cases.filter(lines__order_line__in=keys),
            Q(models.Exists(articles)),
        ),
    ]


def _phones(cases: models.QuerySet, words: str) -> list[Place]:
    """Customers and recipients whose telephone number ends with these digits."""
    if not (tail := reversed_digits(words)):
        return []
    return [
        Place(
            Customer.objects.filter(phone_ends("phone", tail)),
            lambda keys: cases.filter(customer__in=keys),
            phone_ends("customer__phone", tail),
        ),
        Place(
            Destination.objects.filter(phone_ends("phone", tail)),
            lambda keys: cases.filter(order__in=keys),
            phone_ends("order__destination__phone", tail),
        ),
    ]


def _parcels(cases: models.QuerySet, words: str) -> list[Place]:
    """Parcels of the case and of its order with this tracking number."""
    parcels = Parcel.objects.tracked(words)
    return [
        Place(parcels, lambda keys: cases.filter(parcels__in=keys), Q(parcels__in=parcels)),
        Place(
            Order.objects.filter(parcels__in=parcels),
            lambda keys: cases.filter(order__in=keys),
            Q(order__parcels__in=parcels),
        ),
    ]
