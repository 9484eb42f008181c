"""Pictures of a case that look like pictures of other cases: a hint for the people who decide, never a proof."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from returns.models import Case, Evidence
from returns.permissions import may_see_cases
from signoff.pictures.alike import agreeing, alike, matches

#: others that are read for one case, the newest first
MOST = 40


@dataclass(frozen=True)
class Lookalike:
    """A picture of another case; ``points`` of 64 agree. ``same_shopper`` where both cases are of one customer."""

    picture: Evidence
    points: int
    same_shopper: bool

    @property
    def case(self) -> Case:
        assert self.picture.case is not None  # noqa: S101 - the query asks for it
        return self.picture.case


def lookalikes(
    case: Case, pictures: Iterable[Evidence], *, user: User | AnonymousUser
) -> Mapping[str, Sequence[Lookalike]]:
    """Token of a picture of ``case`` → what it looks like in other cases, most alike first. One query, or two.

    The keys are read alone and unordered: for the newest of them PostgreSQL would walk all pictures.
    Empty for people who may not see cases.
    """
    hashes = {str(picture.token): picture.dhash for picture in pictures if picture.dhash}
    if not hashes or not may_see_cases(user):
        return {}
    keys = sorted(alike(_others(case, user), hashes.values()).values_list("pk", flat=True), reverse=True)[:MOST]
    if not keys:
        return {}
    found = list(Evidence.objects.filter(pk__in=keys).select_related("case__customer").order_by("-pk"))
    known = {other.dhash for other in found}
    return {token: alikes for token, digits in hashes.items() if (alikes := _of(case, digits, found, known))}


def flagged(case: Case, pictures: Iterable[Evidence], *, user: User | AnonymousUser) -> set[str]:
    """Tokens of those of ``pictures`` that look like a picture of another case; one query where any has a hash."""
    hashes = {str(picture.token): picture.dhash for picture in pictures if picture.dhash}
    if not hashes or not may_see_cases(user):
        return set()
    known = set(alike(_others(case, user), hashes.values()).values_list("dhash", flat=True)[:MOST])
    return {token for token, digits in hashes.items() if matches(digits, known)}


def _others(case: Case, user: User | AnonymousUser) -> QuerySet[Evidence]:
    others = Evidence.objects.filter(case__in=Case.objects.visible_to(user)).exclude(case=case).exclude(file="")
    return others.order_by()


def _of(case: Case, digits: str, found: Sequence[Evidence], known: set[str]) -> list[Lookalike]:
    close = set(matches(digits, known))
    rows = [
        Lookalike(
            other,
            agreeing(digits, other.dhash),
            case.customer_id is not None and other.case is not None and other.case.customer_id == case.customer_id,
        )
        for other in found
        if other.dhash in close
    ]
    return sorted(rows, key=lambda row: -row.points)
