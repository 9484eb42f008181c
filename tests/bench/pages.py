"""Pages with 1,000 and 1,000,000 cases, and beside the Django admin: times, queries, ratios."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.paginator import Paginator
from django.db.models import Q
from django.test import Client, override_settings
from django.utils import timezone

from returns.models import Case
from returns.queue.tabs import TABS, waits
from signoff.lookup import session as entry
from signoff.web.keyset import mark_of
from tests.bench.two_sizes import LARGE, TURNS, Address, Size, Times, side_by_side, sizes, turn_by_turn
from tests.figures import Figure, record

QUEUE = "/desk/cases/"
LIMIT = 1.3
WHOLE = settings.PAGE_SIZE  # rows of a page that is full
CASE = re.compile(rb'href="/desk/cases/(R-[^/"]+)/"')
#: every filter of the queue alone, the tabs and states, and what combines several
FILTERS: list[dict[str, str]] = [
    *({"tab": tab} for tab in TABS),
    *({"status": status} for status in Case.Status.values),
    *({"reason": reason} for reason in ("wrong", "mind")),
    *({"owner": owner} for owner in ("me", "none")),
    *({"shop": shop} for shop in ("lantern", "harbour")),
    *({"language": language} for language in ("en", "zh-hant")),
    {"overdue": "true"},
    {"tab": "all", "reason": "mind", "language": "zh-hant"},
    {"tab": "settling", "reason": "size", "owner": "none", "shop": "guicheng"},
    {"tab": "all", "status": "expired", "shop": "harbour", "language": "zh-hant", "reason": "late"},
    {"overdue": "true", "owner": "me", "language": "zh-hans", "reason": "size"},
]
BOUND = [
    ("approvals", "manager", "/desk/approvals/"),
    ("bench", "inspector", "/desk/bench/"),
    ("shipments", "agent", "/desk/replacements/"),
    ("ledger", "finance", "/desk/ledger/"),
    ("ledger by amount", "finance", "/desk/ledger/?sort=-amount"),
]
#: not promised anything; some have more rows to show where there are more cases
OTHERS = [
    ("refunds", "finance", "/desk/refunds/"),
    ("refunds, paid", "finance", "/desk/refunds/?tab=paid"),
    ("queue by value", "agent", "/desk/cases/?sort=-value"),
    ("all cases by number", "agent", "/desk/cases/?tab=all&sort=number"),
    ("paid refunds by amount", "finance", "/desk/refunds/?tab=paid&sort=-amount"),
    ("messages", "agent", "/desk/messages/"),
    ("surveys", "manager", "/desk/surveys/"),
    ("orders", "agent", "/desk/orders/"),
    ("lifecycle", "manager", "/desk/lifecycle/"),
]
WORDS = {
    "order number": "LT-00000777",
    "part of an order number": "0000077",
    "name": "Clara Wilson",
    "family name": "Wilson",
    "e-mail": "shopper556@post",
    "Chinese, 1 character": "王",
    "Chinese, 2 characters": "伟晨",
    "Chinese, 3 characters": "王伟晨",
    "Chinese article, 2 characters": "耳机",
    "Chinese article, 4 characters": "无线降噪",
    "what every order has": "LT-",
    "what nothing has": "zzzqqq",
}
#: the same places as the product's search, but articles, which would cost the admin a join of many rows
PLACES = ["number", "order__number", "customer__name", "customer__email"]
AS_IT_COMES = {"paginator": Paginator, "show_full_result_count": True}


def measure() -> None:
    """The whole section; the environment variable HOMEWARD_CASES makes the large database smaller for a try."""
    begun = perf_counter()
    small, large = sizes()
    _note("loading both databases", perf_counter() - begun, "s", "", "rows made inside PostgreSQL, then indexes")
    for size in (small, large):
        _sign_in(size)
    for name, who, address in [*_of_one_case(), *BOUND]:
        _compare(small, large, name, who, address)
    for name, who, address in OTHERS:
        _compare(small, large, name, who, address, limit=0)
    _filters(small, large)
    _beside_admin(small, large)
    _searches(large)


def _sign_in(size: Size) -> None:
    """A person of each role, and a shopper with the orders of the cases that are opened."""
    size.use()
    for role in ("agent", "manager", "inspector", "finance"):
        user = User.objects.filter(username="agent00").get() if role == "agent" else User.objects.create(username=role)
        user.groups.set([Group.objects.get(name=role)])
        size.clients[role] = Client()
        size.clients[role].force_login(user)
    size.clients["administrator"] = Client()
    size.clients["administrator"].force_login(User.objects.create(username="root", is_superuser=True, is_staff=True))
    shopper = size.clients["shopper"] = Client()
    session = shopper.session
    until = (timezone.now() + timedelta(hours=9)).isoformat()
    session[entry.KEY] = {str(_case(status).order_id): until for status in Case.Status.values}
    session.save()
    shopper.cookies["sessionid"] = session.session_key


def _case(status: str) -> Case:
    """The first case in this state: the same in both databases."""
    return Case.objects.filter(status=status).earliest("pk")


def _of_one_case() -> Iterator[tuple[str, str, Address]]:
    for status in ("submitted", "awaiting_approval", "closed"):
        yield f"case page, {status}", "manager", lambda status=status: f"{QUEUE}{_case(status).number}/"
        yield f"status page, {status}", "shopper", lambda status=status: f"/cases/{_case(status).number}/"


def _compare(
    small: Size, large: Size, name: str, who: str, address: Address, *, limit: float = LIMIT, rows: int = WHOLE
) -> None:
    """Record the ratio of the 95th percentiles and the number of queries, times in the note."""
    few, many = turn_by_turn(small, large, who, address)
    if limit and many.p95 > few.p95 * limit:  # few requests are at the mercy of whatever else runs: more decide
        again = [turn_by_turn(small, large, who, address, turns=3 * TURNS) for _ in range(3)]
        few, many = sorted(again, key=lambda times: times[1].p95 / times[0].p95)[1]
    asked = max(size.queries(who, address) for size in (small, large))
    _note(
        f"{name}: p95, {LARGE:,} : {small.cases:,}",
        many.p95 / few.p95,
        "×",
        f"≤ {limit}" if limit else "",
        _told(few, many) + (f", {rows} rows on either" if rows < WHOLE else ""),
    )
    _note(f"{name}: queries", asked, "", "≤ 10", "")


def _told(few: Times, many: Times) -> str:
    return f"p50 {few.p50:.0f} → {many.p50:.0f} ms, p95 {few.p95:.0f} → {many.p95:.0f} ms"


def _filters(small: Size, large: Size) -> None:
    """The queue with each filter, its first and its last page."""
    for chosen in FILTERS:
        said = " ".join(f"{name}={value}" for name, value in chosen.items())
        first = f"{QUEUE}?{urlencode(chosen)}"
        for name, address in ((said, first), (f"{said}, last page", f"{first}&page={_last_page(chosen)}")):
            with _as_many_rows(small, address) as rows:
                _compare(small, large, f"queue {name}", "agent", address, rows=rows)


@contextmanager
def _as_many_rows(small: Size, address: str) -> Iterator[int]:
    """Pages of as many rows as the small database has for this filter: drawing more of them takes longer anywhere."""
    small.use()
    shown = set(CASE.findall(small.clients["agent"].get(address).content))
    with override_settings(PAGE_SIZE=max(1, len(shown))):
        yield settings.PAGE_SIZE


def _last_page(chosen: dict[str, str]) -> str:
    """The mark that leads backwards from beyond the end."""
    tab = chosen.get("tab", "open" if chosen.get("status", "") in ("", *TABS["open"]) else "all")
    if waits(tab, chosen.get("status", "")):
        return mark_of("due_at", datetime(2100, 1, 1, tzinfo=UTC), 2**60, backwards=True)
    return mark_of("-opened_at", datetime(1970, 1, 1, tzinfo=UTC), 0, backwards=True)


def _beside_admin(small: Size, large: Size) -> None:
    """The same 25 rows as the queue draws them, whole and as the part that htmx changes, and as the admin does."""
    for size, looks, said in (
        (large, AS_IT_COMES, f"as Django's admin comes, {large.cases:,} cases"),
        (small, {}, f"as set up here, which counts to a limit, {small.cases:,} cases"),
    ):
        with _admin(list_per_page=25, **looks):
            whole, part, listed = side_by_side(
                partial(size.get, "administrator", f"{QUEUE}?tab=all"),
                partial(size.part, "administrator", f"{QUEUE}?tab=all"),
                partial(size.get, "administrator", "/admin/returns/case/"),
            )
        note = f"{said}; p50 {whole.p50:.0f}, part {part.p50:.0f}, admin {listed.p50:.0f} ms"
        bound = "≤ 0.5" if looks else ""
        _note(
            f"queue : admin's list of the same 25 rows, {size.cases:,} cases", whole.p50 / listed.p50, "×", bound, note
        )
        _note(f"its part by htmx : the same list, {size.cases:,} cases", part.p50 / listed.p50, "×", "", "")


def _searches(size: Size) -> None:
    """The queue's search beside Django's admin as it comes: all columns asked, all rows counted."""
    with _admin(list_per_page=25, search_fields=PLACES, **AS_IT_COMES):
        for name, words in WORDS.items():
            query = urlencode({"q": words})
            (own,) = side_by_side(partial(size.get, "agent", f"{QUEUE}?{query}"))
            (theirs,) = side_by_side(partial(size.get, "administrator", f"/admin/returns/case/?{query}"), turns=2)
            hits = Case.objects.filter(Q(*[(f"{place}__icontains", words) for place in PLACES], _connector=Q.OR))
            note = f"p50 {own.p50:.0f} ms, p95 {own.p95:.0f} ms; admin {theirs.p50:.0f} ms; {hits.count():,} hits"
            _note(f"search by {name}: queue : admin", own.p50 / theirs.p50, "×", "≤ 0.1", note)


@contextmanager
def _admin(**looks: Any) -> Iterator[None]:
    """The list of cases in the admin, drawn differently for a while."""
    listed = admin.site.get_model_admin(Case)
    for name, value in looks.items():
        setattr(listed, name, value)
    yield
    for name in looks:
        delattr(listed, name)


def _note(name: str, value: float, unit: str, bound: str, note: str) -> None:
    record(Figure("pages", name, round(value, 3), unit, bound, note))
