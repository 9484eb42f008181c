"""The deeds of this floor, one verb per function."""

from returns.actions.holding import MoreThanBought, put_right, too_many
from returns.actions.intake import Wish, open_case, paid_for
from returns.actions.lifecycle import move, steps_for
from returns.actions.logbook import Actor, note

__all__ = [
    "Actor",
    "MoreThanBought",
    "Wish",
    "move",
    "note",
    "open_case",
    "paid_for",
    "put_right",
    "steps_for",
    "too_many",
]
