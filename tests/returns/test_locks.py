"""Only a lock gives out a locked case: its types are made nowhere else, and mypy refuses any other case."""

import ast
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from returns.logbook.locks import lock_case, lock_with_lines
from returns.models import Case
from tests.factories import make_case

#: type → the only modules that make one
GIVEN_OUT_BY = {
    "LockedCase": {"returns/logbook/locks.py", "refunds/payouts/transitions.py"},
    "LockedWithLines": {"returns/logbook/locks.py", "refunds/ledger/locks.py", "refunds/payouts/transitions.py"},
    "LockedWithBooks": {"refunds/ledger/locks.py", "refunds/payouts/transitions.py"},
    "LockedRefund": {"refunds/payouts/transitions.py"},
}
APPS = ("config", "feedback", "refunds", "inspection", "returns", "signoff")


def types_made_in(source: str) -> Iterator[str]:
    """Names of the lock types that ``source`` calls, or hands to ``cast``, which is the same by another name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = [node.func, *(node.args if getattr(node.func, "id", "") == "cast" else [])]
            yield from (name.id for name in called if isinstance(name, ast.Name) and name.id in GIVEN_OUT_BY)


def test_only_a_lock_makes_a_locked_case() -> None:
    made: dict[str, set[str]] = {}
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for name in types_made_in(path.read_text()):
                made.setdefault(name, set()).add(path.relative_to(settings.BASE_DIR).as_posix())
    assert made == GIVEN_OUT_BY


@pytest.mark.parametrize("source", ["note(LockedCase(case), 'take')", "cast(LockedCase, case)"])
def test_a_locked_case_made_elsewhere_would_be_found(source: str) -> None:
    assert list(types_made_in(source)) == ["LockedCase"]


@pytest.mark.django_db
def test_a_locked_case_is_as_it_is_now_and_keeps_what_was_read_with_it() -> None:
    case = Case.objects.select_related("order").get(pk=make_case().pk)
    Case.objects.filter(pk=case.pk).update(language="zh-hant")
    locked = lock_case(case)
    assert (locked.language, case.language) == ("zh-hant", "en")
    assert locked.order is case.order


@pytest.mark.django_db
@pytest.mark.parametrize("lock", [lock_case, lock_with_lines])
def test_a_case_that_is_gone_cannot_be_locked(lock: Callable[[Case], Case]) -> None:
    with pytest.raises(Case.DoesNotExist):
        lock(Case(pk=0))
