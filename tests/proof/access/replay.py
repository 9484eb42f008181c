"""One shopper tries everything of another: URLs, files, tokens, and the fields of their own forms."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from feedback.models import Survey
from inspection.models import Photo
from returns.intake import queries
from returns.models import Case, Draft, Evidence
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Order, OrderLine, Parcel, SignOffPhoto
from signoff.signoffs.links import path_for
from tests.proof.access.other_shopper import OtherShopper, references
from tests.proof.access.requests import ALL_PARAMETERS
from tests.proof.access.unique_texts import Markers

PICTURES = (
    (Evidence, "returns:evidence"),
    (Photo, "inspection:photo"),
    (SignOffPhoto, "signoff:delivery-photo"),
)
STEPS = ("supply_information", "appeal", "reopen", "ship", "cancel")
NO_PICTURE = "00000000-0000-4000-8000-000000000000"
MADE_UP = {"case": "R-999999-9", "order": "A" * 16, "draft": "B" * 16, "parcel": "C" * 16, "picture": NO_PICTURE}
OLD = "xmin::text::bigint < %s"
Keys = dict[type[Model], set[Any]]


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they are."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Attempt:
    """``sent`` is a POST's body. ``made_up`` is the same question about what does not exist, where there is one."""

    path: str
    sent: dict[str, str] | None = None
    made_up: str = ""

    def __str__(self) -> str:
        return f"{'GET' if self.sent is None else 'POST'} {self.path} {self.sent or ''}"


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found = path, list[Form]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form" and told.get("method") == "post":
            self.found.append(Form(told.get("action") or self.path))
        elif tag in ("input", "textarea", "select", "button") and told.get("name") and self.found:
            self.found[-1].fields.setdefault(str(told["name"]), told.get("value") or "1")


def addresses_of(theirs: Keys, mine: OtherShopper) -> Iterator[Attempt]:
    """Every address with a name of theirs in it, read and sent to, and names of theirs among names of mine."""
    for path, made_up in _paths(theirs, mine):
        yield Attempt(path, made_up=made_up)
        yield Attempt(path, ALL_PARAMETERS, made_up=made_up)


def forms_of(client: Client, mine: OtherShopper, theirs: Keys, *, each: int = 1) -> Iterator[Attempt]:
    """Each form of mine with each of its fields in turn holding a name of theirs."""
    at = 0
    for path in _my_pages(mine):
        page = Forms(path)
        page.feed(client.get(path).content.decode())
        for form in page.found:
            for name in form.fields:
                for foreign in _names(theirs):
                    at += 1
                    if at % each == 0:
                        yield Attempt(form.action, form.fields | {name: foreign})


def attack(cookies: SimpleCookie, attempt: Attempt, theirs: Keys) -> tuple[HttpResponse, list[str]]:
    """Try it, see which rows of theirs were changed, or made beside them; undo it."""
    with transaction.atomic():
        response = _try(cookies, attempt)
        changed = _changed(theirs)
        transaction.set_rollback(True)
    return response, changed


def leaks(cookies: SimpleCookie, attempt: Attempt, theirs: Keys, markers: Markers) -> list[str]:
    """What is wrong with the answer to an attempt: shown, changed, or different from what does not exist."""
    response, changed = attack(cookies, attempt, theirs)
    seen = markers.seen_in(response, sent=[attempt.path, *(attempt.sent or {}).values()])
    faults = [f"{attempt} shows {sorted(seen)}"] if seen else []
    faults += [f"{attempt} changes {table}" for table in changed]
    if attempt.made_up:
        other, _none = attack(cookies, Attempt(attempt.made_up, attempt.sent), theirs)
        if _plain(response, attempt.path) != _plain(other, attempt.made_up):
            faults.append(f"{attempt} answers {response.status_code}, what does not exist {other.status_code}")
    return faults


def _paths(theirs: Keys, mine: OtherShopper) -> Iterator[tuple[str, str]]:
    orders = Order.objects.filter(pk__in=theirs[Order]).values_list("token", flat=True)
    drafts = Draft.objects.filter(pk__in=theirs[Draft]).values_list("token", "order__token")
    for token in orders:
        for name in ("signoff:order", "returns:request"):
            yield reverse(name, args=[token]), reverse(name, args=[MADE_UP["order"]])
    for draft, token in drafts:
        for name in ("returns:request-details", "returns:request-check"):
            nothing = reverse(name, args=[MADE_UP["order"], MADE_UP["draft"]])
            yield reverse(name, args=[token, draft]), nothing
            yield reverse(name, args=[mine.order.token, draft]), nothing
            yield reverse(name, args=[token, mine.draft.token]), nothing
        yield f"{reverse('returns:request', args=[mine.order.token])}?draft={draft}", ""
    yield from _parcels(theirs, mine)
    for number in Case.objects.filter(pk__in=theirs[Case]).values_list("number", flat=True):
        for name, *more in _pages_of_a_case():
            yield reverse(name, args=[number, *more]), reverse(name, args=[MADE_UP["case"], *more])
    for model, name in PICTURES:
        for token in model.objects.filter(pk__in=theirs[model]).values_list("token", flat=True):
            for size in ("full", "thumbnail"):
                yield reverse(name, args=[token, size]), reverse(name, args=[MADE_UP["picture"], size])


def _parcels(theirs: Keys, mine: OtherShopper) -> Iterator[tuple[str, str]]:
    """Where a parcel of theirs is signed for, under their order and under mine; photos of theirs by my own link."""
    nothing = reverse("signoff:sign", args=[MADE_UP["order"], MADE_UP["parcel"]])
    for parcel, token in Parcel.objects.filter(pk__in=theirs[Parcel]).values_list("token", "order__token"):
        for names in ((token, parcel), (mine.order.token, parcel), (token, mine.parcel.token)):
            yield reverse("signoff:sign", args=names), nothing
    link = path_for(mine.parcel).split("/")[2]
    for token in SignOffPhoto.objects.filter(pk__in=theirs[SignOffPhoto]).values_list("token", flat=True):
        made_up = reverse("signoff:link-photo", args=[link, MADE_UP["picture"], "full"])
        yield reverse("signoff:link-photo", args=[link, token, "full"]), made_up


def surveys_of(theirs: Keys) -> Iterator[Attempt]:
    """The pages whose token is the key itself: read only."""
    for token in Survey.objects.filter(pk__in=theirs[Survey]).values_list("token", flat=True):
        yield Attempt(reverse("feedback:survey", args=[token]))


def _pages_of_a_case() -> list[tuple[str, ...]]:
    pages = ["returns:status", "returns:slip", "refunds:shopper-accept-offer", "refunds:shopper-decline-offer"]
    return [(page,) for page in pages] + [("returns:shopper-step", step) for step in STEPS]


def _my_pages(mine: OtherShopper) -> Iterator[str]:
    yield reverse("signoff:sign", args=[mine.order.token, mine.parcel.token])
    yield path_for(mine.parcel)
    yield reverse("returns:request", args=[mine.order.token])
    for name in ("returns:request-details", "returns:request-check"):
        yield reverse(name, args=[mine.order.token, mine.draft.token])
    for case in mine.cases.values():
        for name, *more in _pages_of_a_case():
            if name != "returns:slip":
                yield reverse(name, args=[case.number, *more])


def _names(theirs: Keys) -> list[str]:
    """One name of theirs of each kind."""
    kinds = (
        (Case, "number"),
        (Draft, "token"),
        (Evidence, "token"),
        (Order, "token"),
        (OrderLine, "pk"),
        (Parcel, "token"),
        (SignOffPhoto, "token"),
    )
    return [
        str(model.objects.filter(pk__in=theirs[model]).values_list(field, flat=True).first()) for model, field in kinds
    ]


def _try(cookies: SimpleCookie, attempt: Attempt) -> Any:
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    return client.get(attempt.path) if attempt.sent is None else client.post(attempt.path, attempt.sent)


def _plain(response: Any, path: str) -> tuple[int, bytes, list[str]]:
    """An answer without what is random in every page, and without the question."""
    body = b"" if response.streaming else response.content
    body = re.sub(rb"[A-Za-z0-9]{64}|nonce=\S+", b"", body).replace(path.encode(), b"")
    return response.status_code, body, sorted(response.headers)


def _changed(theirs: Keys) -> list[str]:
    """The tables in which rows of theirs are gone or of another version, or new rows point at theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned()::text::bigint")
        (start,) = cursor.fetchone()
    if start is None:  # PostgreSQL numbers a transaction when it first writes
        return []
    parts, values = [], list[Any]()
    for model, keys in theirs.items():
        table, key = model._meta.db_table, model._meta.pk.column
        parts.append(f"SELECT '{table}', %s - count(*) FILTER (WHERE {OLD}) FROM {table} WHERE {key} = ANY(%s)")  # noqa: S608
        values += [len(keys), start, list(keys)]
        for column in references(model, theirs):
            parts.append(f"SELECT '{table}', count(*) FROM {table} WHERE NOT {OLD} AND {column.column} = ANY(%s)")  # noqa: S608
            values += [start, list(theirs[column.related_model])]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return sorted({table for table, count in cursor.fetchall() if count})


@contextmanager
def nobody_asks_whose(monkeypatch: Any) -> Iterator[None]:
    """The planted fault: what a browser has entered is not asked, nor was when questions were made once."""
    questions = (queries._ORDER, queries._CASE)
    with monkeypatch.context() as careless:
        for question in questions:
            careless.setattr(question, "_compiled", question._compiled)  # the sound one is put back afterwards
        for model in (Order, Case, Evidence):
            careless.setattr(type(model.objects.all()), "visible_to_entries", lambda rows, _entries: rows.all())
        for question in questions:
            careless.setattr(question, "_compiled", CompiledQuery(question.build)._compiled)
        yield
