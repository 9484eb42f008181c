"""A cell for every state. Pure.

The way that most cases go runs from left to right and then down; what most cases pass by stands above and below the
state that it leads back to; the ends are the last row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from returns.lifecycle.diagram.steps import Transition
from returns.lifecycle.states import State

COLUMNS = 6


@dataclass(frozen=True)
class Cell:
    column: int
    row: int


def main_road(states: Mapping[str, State], steps: Sequence[Transition]) -> list[str]:
    """The states that most cases go through, from the first one on."""
    targets = {(step.source, step.name): step.target for step in steps}
    road, here = [], next(iter(states), None)
    while here is not None and here not in road:
        road.append(here)
        here = targets.get((here, states[here].main_step))
    return road


def place(states: Mapping[str, State], steps: Sequence[Transition]) -> dict[str, Cell]:
    """State → its cell; no two states share one, and rows are counted from 0."""
    road = main_road(states, steps)
    cells = _open_road([status for status in road if not states[status].is_finished])
    for status, state in states.items():
        if status not in cells and not state.is_finished:
            column = _beside(status, state, steps, cells)
            cells[status] = next(cell for cell in _near(column) if cell not in cells.values())
    first = min((cell.row for cell in cells.values()), default=0)
    cells = {status: Cell(cell.column, cell.row - first) for status, cell in cells.items()}
    return cells | _ends(states, road, row=max((cell.row for cell in cells.values()), default=-1) + 1)


def _open_road(road: Sequence[str]) -> dict[str, Cell]:
    """To the right while there are columns, then down in the last one."""
    last = COLUMNS - 1
    return {status: Cell(min(index, last), max(0, index - last)) for index, status in enumerate(road)}


def _beside(status: str, state: State, steps: Sequence[Transition], cells: Mapping[str, Cell]) -> int:
    """The column of the state that ``status`` usually leads to, else of one that leads here."""
    onward = [step.target for step in steps if step.source == status and step.name == state.main_step]
    before = [step.source for step in steps if step.target == status]
    return next((cells[other].column for other in (*onward, *before) if other in cells), 0)


def _near(column: int) -> Iterator[Cell]:
    """The cells above and below the main road, the nearest first."""
    for distance in count(1):
        yield Cell(column, -distance)
        yield Cell(column, distance)


def _ends(states: Mapping[str, State], road: Sequence[str], *, row: int) -> dict[str, Cell]:
    """The last row (a second one where it is full): the road's own ends from the right, the others from the left."""
    own = [status for status in road if states[status].is_finished]
    others = [status for status, state in states.items() if state.is_finished and status not in own]
    cells = {status: Cell(COLUMNS - 1 - index, row) for index, status in enumerate(own)}
    free = (Cell(column, row + below) for below in count() for column in range(1, COLUMNS))
    for status in others:
        cells[status] = next(cell for cell in free if cell not in cells.values())
    return cells
