"""The product with faults that a request may switch on (``X-Fault``), to show that the checker would find them.

Served beside the real one, to tests only.
"""

import re
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from decimal import Decimal
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django_fsm import TransitionNotAllowed, can_proceed
from PIL import Image
from psycopg.errors import LockNotAvailable

from config.wsgi import application as product  # sets Django up, so that the models below can be imported
from refunds.approvals import actions as approvals
from refunds.ledger import caps
from refunds.models import Refund
from refunds.payouts import transitions
from refunds.plans import actions as plans
from refunds.settlement import actions as settlement
from returns.intake import actions as intake
from returns.lifecycle import actions as lifecycle
from returns.logbook.locks import LockedCase, lock_case
from returns.models import Case
from returns.permissions import REVIEW
from returns.portal import actions as portal
from returns.queue import views as queue
from returns.review import actions as review
from signoff.models import OrderLine, Payment
from signoff.pictures import clean as pictures
from signoff.pictures.sandbox import client as sandbox

FAULT: ContextVar[str] = ContextVar("FAULT", default="")
LOCK = re.compile(r"FOR (NO KEY )?UPDATE( OF \S+)?( SKIP LOCKED| NOWAIT)?")
PAUSE = 0.05  # seconds between a read and a write, so that others can come in between


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What gunicorn serves."""
    FAULT.set(environ.get("HTTP_X_FAULT", ""))
    if FAULT.get() == "patient":
        connection.cursor().execute("SET lock_timeout = 0")
    return product(environ, start_response)


def put(module: Any, name: str, fault: str, broken: Callable[..., Any]) -> None:
    """Replace ``module.name`` by ``broken`` in requests that ask for ``fault``."""
    sound = getattr(module, name)

    @wraps(sound)
    def either(*args: Any, **options: Any) -> Any:
        return broken(*args, **options) if FAULT.get() == fault else sound(*args, **options)

    setattr(module, name, either)


def without_lock(execute: Callable[..., Any]) -> Callable[..., Any]:
    """No statement locks a row, whoever wrote it."""
    return lambda cursor, sql, *values: execute(cursor, LOCK.sub("", sql), *values)


def look_and_wait(step: Callable[..., None]) -> bool:
    legal = can_proceed(step)
    time.sleep(PAUSE)
    return legal


def give_up(request: Any) -> None:
    raise OperationalError from LockNotAvailable()


def look_then_count(refund: Refund, shares: Iterable[caps.Share]) -> None:
    """A check, and a sum written back, without a condition in the statement."""
    count(Payment, refund.payment_id, refund.payment.captured, refund.amount)
    for share in shares:
        line = share.item.line.order_line
        count(OrderLine, line.pk, line.gross, share.amount)


def count(model: type[Model], key: int, most: Decimal, amount: Decimal) -> None:
    refunded = model.objects.values_list("refunded", flat=True).get(pk=key)
    if refunded + amount > most:
        raise caps.ExceedsRefundable("It is gone.")
    time.sleep(PAUSE)
    model.objects.filter(pk=key).update(refunded=refunded + amount)


def lock_without_books(case: Case) -> LockedCase:
    """Only the case is locked."""
    return lock_case(case)


def reserve_nothing(order_line: OrderLine, quantity: int) -> list[tuple[int, int]]:
    return [(1, quantity + 1)]


def give_unlocked(*, by: Any) -> Case | None:
    case = Case.objects.waiting_for(REVIEW).filter(owner=None).first()
    time.sleep(PAUSE)
    Case.objects.filter(pk=case.pk).update(owner=by)
    return case


def overwriting(move: Callable[..., Case]) -> Callable[..., Case]:
    """A late step is answered as if it had been done."""

    def late(case: Case, step: Any, **options: Any) -> Case:
        try:
            return move(case, step, **options)
        except TransitionNotAllowed:
            return Case.objects.get(pk=case.pk)

    return late


def decode_here(folder: Path) -> dict[str, str]:
    """In the process that serves pages, without a limit."""
    with Image.open(folder / "original") as picture:
        picture.load()
    return {"refused": "damaged"}


put(CursorWrapper, "execute", "unlocked", without_lock(CursorWrapper.execute))
put(caps, "reserve", "looked then counted", look_then_count)
for app in (approvals, plans, settlement, transitions):
    put(app, "lock_with_books", "looked then counted", lock_without_books)
put(intake, "reserve_units", "units not counted", reserve_nothing)
put(BaseDatabaseWrapper, "close_if_health_check_failed", "trusts its connections", lambda database: None)
put(import_module("config.web.middleware"), "run_view_again", "one try", give_up)
put(lifecycle, "can_proceed", "unlocked", look_and_wait)
put(queue, "take_next", "given without lock", give_unlocked)
put(review, "take_step", "latecomers overwrite", overwriting(review.take_step))
put(portal, "move", "latecomers overwrite", overwriting(portal.move))
put(pictures, "has_turn", "decodes at once", lambda: True)
put(sandbox, "examine", "decodes at once", decode_here)
put(import_module("config.web.bodies"), "body_limit_of", "takes all bodies", lambda view, default: None)
