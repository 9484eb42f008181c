"""A way for every step over the grid. Pure.

Straight where nothing stands between two cells of one row or column. Every other line runs along the channel beside
its target's row; it gets there up or down its own column or, where a box stands in the way, beside the column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from returns.lifecycle.diagram.grid import Cell
from returns.lifecycle.diagram.steps import Transition

type Edge = Literal["top", "bottom", "left", "right"]


@dataclass(frozen=True)
class Route:
    """``leaves`` and ``enters`` are edges of the two boxes.

    ``channel`` is the space above the row of this number, in which the line runs across; None for a straight line.
    ``trunk`` is the space left of the column of this number, in which it runs up or down to get there.
    """

    step: Transition
    leaves: Edge
    enters: Edge
    channel: int | None = None
    trunk: int | None = None

    @property
    def lane(self) -> tuple[str, str, int | None]:
        """Lines of one step into one state run together."""
        return self.step.name, self.step.target, self.channel


def route(steps: Sequence[Transition], cells: Mapping[str, Cell]) -> list[Route]:
    """The way of each step, past all cells that are taken."""
    taken = set(cells.values())
    return [_route(step, cells[step.source], cells[step.target], taken) for step in steps]


def _route(step: Transition, source: Cell, target: Cell, taken: set[Cell]) -> Route:
    if source.row == target.row and _is_free_row(taken, source, target):
        forward = target.column > source.column
        return Route(step, "right" if forward else "left", "left" if forward else "right")
    down = _goes_down(source, target)
    if source.column == target.column and _is_free_column(taken, source.column, source.row, target.row):
        return Route(step, "bottom" if down else "top", "top" if down else "bottom")
    channel, enters = _channel(source, target)
    end = channel if down else channel - 1
    if _is_free_column(taken, source.column, source.row, end):
        return Route(step, "bottom" if channel > source.row else "top", enters, channel)
    left = source.column == 0
    return Route(step, "left" if left else "right", enters, channel, source.column if left else source.column + 1)


def _goes_down(source: Cell, target: Cell) -> bool:
    return target.row > source.row or (target.row == source.row and target.column > source.column)


def _channel(source: Cell, target: Cell) -> tuple[int, Edge]:
    """The channel beside the target's row that is nearer; within a row forward runs below and backward above."""
    if target.row > source.row:
        return target.row, "top"
    if target.row < source.row:
        return target.row + 1, "bottom"
    return (target.row + 1, "bottom") if target.column > source.column else (target.row, "top")


def _is_free_row(taken: set[Cell], source: Cell, target: Cell) -> bool:
    low, high = sorted((source.column, target.column))
    return low != high and not any(Cell(column, source.row) in taken for column in range(low + 1, high))


def _is_free_column(taken: set[Cell], column: int, row: int, end: int) -> bool:
    """Whether no box stands between the rows ``row`` and ``end``."""
    low, high = sorted((row, end))
    return not any(Cell(column, between) in taken for between in range(low + 1, high))
