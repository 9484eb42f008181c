"""Go on to the next item of a queue when an action is done, instead of back to where it was started.

The form's second button (or a ticked box) carries a signed name of a queue in the field ``go_on``. Each app registers
its queues; ``form_handling.run_action`` asks here in one place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

FIELD = "go_on"
_SALT = "signoff.web.next_item"


@dataclass(frozen=True)
class Queue:
    """``find`` takes the user and what the action returned, and gives the URL of the next item or ""."""

    list_url: str
    find: Callable[[User, Any], str]


_QUEUES: dict[str, Queue] = {}


def register_queue(name: str, *, list_url: str, find: Callable[[User, Any], str]) -> None:
    """Name a queue; ``list_url`` is the URL name of its list, where one goes when nothing is left."""
    if name in _QUEUES:
        raise ValueError(f"The queue {name!r} is registered already.")
    _QUEUES[name] = Queue(list_url, find)


def go_on_value(name: str) -> str:
    """What the field of a button has to say to go on in the queue ``name``. Raises ``KeyError`` for an unknown one."""
    _QUEUES[name]
    return signing.Signer(salt=_SALT).sign(name)


def key_of(done: object) -> int:
    """The primary key of what an action returned; 0, which no row has, where that is no row."""
    return int(getattr(done, "pk", None) or 0)


def next_url(request: HttpRequest, done: Any) -> str:
    """The URL of the next item when the form asks for it, of the list when nothing is left; else ""."""
    queue = _chosen(request.POST.get(FIELD, ""))
    if queue is None or isinstance(request.user, AnonymousUser):
        return ""
    if url := queue.find(request.user, done):
        return url
    messages.info(request, _("Nothing else in this queue is waiting for you."))
    return reverse(queue.list_url)


def _chosen(value: str) -> Queue | None:
    try:
        return _QUEUES.get(signing.Signer(salt=_SALT).unsign(value))
    except signing.BadSignature:
        return None
