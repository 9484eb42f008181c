"""Find cases by a scanned or typed code."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from returns.lifecycle.states import waiting_for
from returns.models import Case
from returns.permissions import INSPECT
from signoff.models import Order, Parcel
from signoff.parcels.numbers import normal_number

CASE_NUMBER = re.compile(r"(?<![A-Z0-9])R-?(\d{6,})-?(\d)(?![A-Z0-9])", re.IGNORECASE)


def find_cases(code: str) -> list[Case]:
    """Cases that ``code`` names: the slip's address or number, a tracking number, or an order number.

    Cases that the bench can act on come first; at most ten.
    """
    code = code.strip()
    if not code:
        return []
    if match := CASE_NUMBER.search(code):
        cases = Case.objects.filter(number=f"R-{match[1]}-{match[2]}")
    else:
        cases = Case.objects.filter(pk__in=_by_parcel(code).union(_by_order(code)))
    ordered = sorted(cases.with_people()[:10], key=lambda case: case.status not in waiting_for(INSPECT))
    return list(ordered)


def _by_parcel(code: str) -> QuerySet[Case, Mapping[str, Any]]:
    return Case.objects.filter(parcels__in=Parcel.objects.tracked(normal_number(code))).values("pk")


def _by_order(code: str) -> QuerySet[Case, Mapping[str, Any]]:
    return Case.objects.filter(order__in=Order.objects.numbered(code)).values("pk")
