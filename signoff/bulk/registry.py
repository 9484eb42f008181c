"""Which actions a list offers for chosen rows. Each app registers its own in ``extensions.py``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.functional import Promise


@dataclass(frozen=True)
class Candidate:
    """A row for which the action was chosen. ``why_not``: a sentence why it is left out, and who may do it instead.

    ``seen`` is the version of the row; ``values`` are given to the action for this row alone.
    """

    ref: str
    label: str
    url: str = ""
    seen: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    why_not: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class BulkForm(forms.Form):
    """What an action asks for once, for all rows; its values are stored as JSON. Without fields it asks nothing."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user


@dataclass(frozen=True)
class BulkAction:
    """An action on many rows.

    ``look_up`` turns references into candidates, in their order and by few queries; unknown ones are left out by it
    with a sentence. ``act`` does one row inside a transaction: it locks, checks the permission and the version, and
    returns a sentence or "". ``refusals`` are the exceptions whose message says why a row was not done; ``moved``
    those that say that the row has changed meanwhile. ``follows`` says before the confirmation what will happen.
    With ``read`` the rows come from a pasted list or a file instead of check boxes. ``key`` is its key on the list: the
    same as that of the step on one case. ``rank`` orders the buttons; a ``primary`` one is the last.
    """

    name: str
    desk_list: str
    label: str | Promise
    icon: str
    permission: str
    look_up: Callable[[User, Sequence[str]], Sequence[Candidate]]
    act: Callable[..., str]
    follows: Callable[[int], str]
    form: type[BulkForm] = BulkForm
    refusals: tuple[type[Exception], ...] = ()
    moved: tuple[type[Exception], ...] = ()
    primary: bool = False
    key: str = ""
    rank: int = 0
    read: Callable[[User, str], Sequence[Candidate]] | None = None
    read_help: str | Promise = ""


_ACTIONS: dict[tuple[str, str], BulkAction] = {}


def register_bulk_action(action: BulkAction) -> None:
    """Offer ``action`` on its list."""
    _ACTIONS[action.desk_list, action.name] = action


def find_bulk_action(desk_list: str, name: str) -> BulkAction | None:
    """The action of this name on this list."""
    return _ACTIONS.get((desk_list, name))


def bulk_actions(desk_list: str, user: User) -> list[BulkAction]:
    """What ``user`` may do to chosen rows of the list."""
    offered = [action for action in _ACTIONS.values() if action.desk_list == desk_list]
    ordered = sorted(offered, key=lambda action: (action.primary, action.rank))
    return [action for action in ordered if user.has_perm(action.permission)]
