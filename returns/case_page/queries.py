"""The case that a page of the desk opens."""

from django.contrib.auth.models import AnonymousUser, User
from django.http import Http404

from returns.models import Case
from returns.permissions import may_see_cases
from signoff.db.prepared.compiled import CompiledQuery

_CASE = CompiledQuery(lambda number: Case.objects.with_people().filter(number=number))


def find_case(user: User | AnonymousUser, number: str) -> Case:
    """The case with its customer, order, owner and shop; 404 for who may not see it, as where there is none."""
    found = _CASE.first(number) if may_see_cases(user) else None
    if found is None:
        raise Http404
    return found
