"""Unknown parcels that wait, and which cases each could belong to, with the reasons in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inspection.models import UnknownParcel, UnknownParcelPhoto
from inspection.scanning import find_cases
from returns.models import Case
from returns.models.queues import CaseQuerySet
from signoff.db.search import contains_text
from signoff.db.search_text import reversed_digits
from signoff.models import Customer, Parcel
from signoff.models.order_search import phone_ends
from signoff.parcels.numbers import normal_number

EXPECTED = (Case.Status.IN_TRANSIT, Case.Status.AUTHORISED)
MOST = 8
#: customers and parcels that one clue may stand for; a name like 王 stands for too many to be a clue
TOO_MANY = 40
FEWEST_DIGITS = 4
RECENT = timedelta(days=30)
WORD = re.compile(r"[\w'-]{2,}")


@dataclass
class Suggestion:
    """A case that waits for goods, and why it could be this one, the strongest reason first."""

    case: Case
    reasons: list[str] = field(default_factory=list)
    weight: int = 0


def waiting_parcels() -> list[UnknownParcel]:
    """Unknown parcels without a case, the oldest first, one more than the bench shows."""
    rows = UnknownParcel.objects.filter(case=None).select_related("recorded_by").order_by("arrived_at", "id")
    return list(rows[: settings.BENCH_ROWS + 1])


def find_unknown(token: str) -> UnknownParcel | None:
    """The parcel with this token, with its case and who recorded it."""
    return UnknownParcel.objects.select_related("case", "recorded_by").filter(token=token).first()


def lock_unknown(unknown: UnknownParcel) -> UnknownParcel:
    """The parcel as it is now, its row locked; after the case (``returns.logbook.locks``).

    Nothing is joined: after waiting for the lock PostgreSQL reads the row again, but not the rows joined to it.
    """
    return UnknownParcel.objects.select_for_update().get(pk=unknown.pk)


def find_photo(token: UUID) -> UnknownParcelPhoto | None:
    """The photo with this token."""
    return UnknownParcelPhoto.objects.filter(token=token).first()


def suggestions(unknown: UnknownParcel) -> list[Suggestion]:
    """Cases that wait for goods and fit the parcel, the likeliest first."""
    found: dict[int, Suggestion] = {}
    for weight, reason, cases in _clues(unknown):
        for case in cases:
            suggestion = found.setdefault(case.pk, Suggestion(case))
            suggestion.reasons.append(reason)
            suggestion.weight += weight
    return sorted(found.values(), key=lambda suggestion: (-suggestion.weight, suggestion.case.pk))[:MOST]


def _clues(unknown: UnknownParcel) -> Iterator[tuple[int, str, Iterable[Case]]]:
    """How much each clue weighs, what it says, and the cases that it points at."""
    expected = Case.objects.filter(status__in=EXPECTED).with_people()
    if number := normal_number(unknown.tracking_number):
        parcels = Parcel.objects.tracked(number).values("pk")[:TOO_MANY]
        yield 100, _("the same tracking number"), expected.filter(parcels__in=parcels).distinct()
    for code in _codes(unknown):
        named = [case for case in find_cases(code) if case.status in EXPECTED]
        yield 80, _("its remarks name %(code)s") % {"code": code}, named
    if len(tail := reversed_digits(unknown.phone)) >= FEWEST_DIGITS:
        words = _("the shopper's telephone ends like that")
        yield 40, words, _of(expected, Customer.objects.filter(phone_ends("phone", tail)))
    if sender := unknown.sender.strip():
        yield 30, _("the shopper's name is %(name)s") % {"name": sender}, _of(expected, _named(sender))
    if carrier := unknown.carrier.strip():
        sent = Parcel.objects.filter(
            direction=Parcel.Direction.RETURN,
            carrier__iexact=carrier,
            delivered_at=None,
            shipped_at__gte=timezone.now() - RECENT,
        )
        coming = expected.filter(status=Case.Status.IN_TRANSIT, parcels__in=sent.values("pk")).order_by("-pk")
        yield 5, _("on its way with %(carrier)s") % {"carrier": carrier}, coming[:MOST]


def _codes(unknown: UnknownParcel) -> list[str]:
    """Words of the remarks with digits: they may be numbers of a case or an order."""
    words = WORD.findall(unknown.remarks)
    return [word for word in words if sum(map(str.isdigit, word)) >= FEWEST_DIGITS][:3]


def _named(sender: str) -> QuerySet[Customer]:
    return Customer.objects.filter(contains_text("name", sender))


def _of(expected: CaseQuerySet, customers: QuerySet[Customer]) -> Iterable[Case]:
    """The cases of these customers; none where the clue stands for too many."""
    keys = list(customers.values_list("pk", flat=True)[: TOO_MANY + 1])
    return expected.filter(customer__in=keys) if 0 < len(keys) <= TOO_MANY else ()
