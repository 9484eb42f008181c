"""What one search finds: a page of each kind, or the one record that the words name exactly."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse

from returns.models import Case
from returns.models.queues import case_number
from returns.queue.queries import cases_with_lines
from signoff.db.counts import first_of_each
from signoff.db.search import contains_latin, contains_text
from signoff.db.search_text import reversed_digits
from signoff.models import Customer, Order, Parcel
from signoff.models.order_search import phone_ends
from signoff.orders.queries import find_orders
from signoff.web.access import may_see_amounts
from signoff.web.keyset import Page, page_by_key

SIZE = 6
SEE_ORDERS = "signoff.view_order"


@dataclass(frozen=True)
class Found:
    """The newest ``SIZE`` rows of each kind that the words match and the user may see."""

    cases: Page
    orders: Page
    people: list[Customer]
    parcels: list[Parcel]

    def __bool__(self) -> bool:
        return bool(self.cases.rows or self.orders.rows or self.people or self.parcels)


class Search:
    """A search by ``user``; the keys of exact numbers and of people are read once, by one statement."""

    def __init__(self, words: str, *, user: User) -> None:
        self.words, self.user = words, user
        self.sees_orders, self.may_know = user.has_perm(SEE_ORDERS), may_see_amounts(user)
        self.cases = Case.objects.visible_to(user)
        self.keys = first_of_each(self._places(), limit=SIZE)

    def exact_url(self) -> str:
        """URL of the case, order or parcel with this number; "" if there is none or more than one."""
        keys = [self.keys.get(kind, []) for kind in ("case", "order", "parcel")]
        if sum(map(len, keys)) != 1:
            return ""
        if keys[0]:
            return self.cases.get(pk__in=keys[0]).get_absolute_url()
        order = Order.objects.get(pk__in=keys[1]) if keys[1] else Order.objects.get(parcels__in=keys[2])
        return reverse("signoff:order-desk", args=[order.token])

    def found(self) -> Found:
        """A page of each kind of record."""
        return Found(self._cases(), self._orders(), self._people(), self._parcels())

    def _places(self) -> dict[str, QuerySet]:
        """Where an exact number and people are looked for."""
        words = self.words
        places: dict[str, QuerySet] = {"case": self.cases.filter(number=case_number(words))}
        if self.sees_orders:
            places |= {
                "order": Order.objects.numbered(words),
                "parcel": Parcel.objects.tracked(words),
                "name": Customer.objects.filter(contains_text("name", words)),
                "email": Customer.objects.filter(contains_latin("email", words)),
            }
        if self.sees_orders and self.may_know and (tail := reversed_digits(words)):
            places["phone"] = Customer.objects.filter(phone_ends("phone", tail))
        return places

    def _cases(self) -> Page:
        search = Case.objects.found_with_phones if self.may_know else Case.objects.found
        matches = search(self.words)
        sift = matches.matching if matches.is_broad else None
        rows = self.cases if sift else matches.matching(self.cases)
        return page_by_key(rows, key="-opened_at", query=QueryDict(), size=SIZE, load=cases_with_lines, sift=sift)

    def _orders(self) -> Page:
        if not self.sees_orders:
            return Page([])
        return find_orders(self.words, user=self.user, query=QueryDict(), size=SIZE)

    def _people(self) -> list[Customer]:
        """Customers by name, e-mail address or, where the user may know it, the end of their telephone number."""
        keys = {key for kind in ("name", "email", "phone") for key in self.keys.get(kind, [])}
        people = Customer.objects.filter(pk__in=keys).select_related("shop").annotate(bought=Count("orders"))
        return list(people.order_by("-pk")[:SIZE]) if keys else []

    def _parcels(self) -> list[Parcel]:
        keys = self.keys.get("parcel", [])
        return list(Parcel.objects.filter(pk__in=keys).select_related("order__shop")[:SIZE]) if keys else []
