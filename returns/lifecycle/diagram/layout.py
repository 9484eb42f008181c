"""From cells and routes to points. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from returns.lifecycle.diagram.grid import Cell, place
from returns.lifecycle.diagram.routes import Edge, Route, route
from returns.lifecycle.diagram.steps import Transition
from returns.lifecycle.diagram.tracks import Axis, across, axis, upright
from returns.lifecycle.states import State

type Point = tuple[float, float]
type Port = tuple[str, Edge]  # an edge of the box of a state

BOX = (118, 60)
LANE, TRUNK = 21, 10  # between two lines that run across, and up or down
ROOM = (82, 40)  # for the words at a straight line: between two columns, between two rows
PAIR = 9  # from the middle, where two straight lines go to and fro
GAP = {"top": 14, "bottom": 14, "left": 9, "right": 9}  # between two lines at an edge, where there is room
REACH = {"top": 52, "bottom": 52, "left": 26, "right": 26}  # how far from the middle of an edge lines may touch it


@dataclass(frozen=True)
class Layout:
    """Middles of the boxes, corners of the lines, and where there is room for the words of each line."""

    centres: dict[str, Point]
    corners: dict[Route, list[Point]]
    words: dict[Route, Point]
    width: float
    height: float


def lay_out(states: Mapping[str, State], steps: Sequence[Transition]) -> Layout:
    """Points for ``states`` and ``steps``, whatever they are: nothing here knows any of them."""
    cells = place(states, steps)
    routes = route(steps, cells)
    columns, rows = _axes(routes, cells)
    centres = {status: (columns.boxes[cell.column], rows.boxes[cell.row]) for status, cell in cells.items()}
    ports = _ports(routes, cells)
    corners = {found: _corners(found, centres, ports, columns, rows) for found in routes}
    words = {found: _words(found, corners[found], cells, columns, rows) for found in routes}
    return Layout(centres, corners, words, columns.length, rows.length)


def _axes(routes: Sequence[Route], cells: Mapping[str, Cell]) -> tuple[Axis, Axis]:
    straight = [found for found in routes if found.channel is None]
    beside = {_first(found, cells).column + 1 for found in straight if found.leaves in ("left", "right")}
    below = {_first(found, cells).row + 1 for found in straight if found.leaves in ("top", "bottom")}
    columns = max(cell.column for cell in cells.values()) + 1
    rows = max(cell.row for cell in cells.values()) + 1
    return (
        axis(upright(routes, cells), beside, count=columns, box=BOX[0], room=ROOM[0], step=TRUNK, words_first=False),
        axis(across(routes, cells), below, count=rows, box=BOX[1], room=ROOM[1], step=LANE, words_first=True),
    )


def _first(found: Route, cells: Mapping[str, Cell]) -> Cell:
    """The one of a straight line's two cells that is further left or further up."""
    return min(cells[found.step.source], cells[found.step.target], key=lambda cell: (cell.row, cell.column))


def _ports(routes: Sequence[Route], cells: Mapping[str, Cell]) -> dict[tuple[Port, object], float]:
    """How far from the middle of its edge each line begins or ends. Lines that run together end together."""
    fixed: dict[Port, dict[object, float]] = defaultdict(dict)
    wanted: dict[Port, dict[object, list[float]]] = defaultdict(lambda: defaultdict(list))
    for found, offset in _straight(routes).items():
        fixed[found.step.source, found.leaves]["out", found.lane] = offset
        fixed[found.step.target, found.enters]["in", found.step] = offset
    for found in routes:
        if found.channel is None:
            continue
        source, target = cells[found.step.source], cells[found.step.target]
        aim = found.channel - source.row - 0.5 if found.trunk is not None else target.column - source.column
        wanted[found.step.source, found.leaves]["out", found.lane].append(aim)
        wanted[found.step.target, found.enters]["in", found.lane].append(source.column - target.column)
    return {
        (port, line): offset
        for port in fixed.keys() | wanted.keys()
        for line, offset in _spread(port[1], fixed[port], {k: fmean(v) for k, v in wanted[port].items()}).items()
    }


def _straight(routes: Sequence[Route]) -> dict[Route, float]:
    """The straight lines, those of two states side by side."""
    between: dict[frozenset[str], list[Route]] = defaultdict(list)
    for found in routes:
        if found.channel is None:
            between[frozenset((found.step.source, found.step.target))].append(found)
    offsets: dict[Route, float] = {}
    for lines in between.values():
        for index, found in enumerate(sorted(lines, key=lambda line: (line.step.source, line.step.name))):
            offsets[found] = (2 * index - len(lines) + 1) * min(PAIR, REACH[found.leaves] / max(1, len(lines) - 1))
    return offsets


def _spread(edge: Edge, fixed: Mapping[object, float], wanted: Mapping[object, float]) -> dict[object, float]:
    """Lines that are not fixed stand beside those that are, on the side that they go to or come from."""
    order = sorted(wanted, key=lambda line: wanted[line])
    if not fixed:
        gap = min(GAP[edge], 2 * REACH[edge] / max(1, len(order) - 1))
        return {line: (index - (len(order) - 1) / 2) * gap for index, line in enumerate(order)}
    before, after = [line for line in order if wanted[line] < 0], [line for line in order if wanted[line] >= 0]
    first = max(map(abs, fixed.values()))
    gap = min(GAP[edge], (REACH[edge] - first) / max(1, len(before), len(after)))
    places = {line: -first - gap * index for index, line in enumerate(reversed(before), 1)}
    return dict(fixed) | places | {line: first + gap * index for index, line in enumerate(after, 1)}


def _corners(
    found: Route, centres: Mapping[str, Point], ports: Mapping[tuple[Port, object], float], columns: Axis, rows: Axis
) -> list[Point]:
    source, target = (found.step.source, found.leaves), (found.step.target, found.enters)
    start = _at(centres[source[0]], found.leaves, ports[source, ("out", found.lane)])
    arrival = ("in", found.step if found.channel is None else found.lane)
    end = _at(centres[target[0]], found.enters, ports[target, arrival])
    if found.channel is None:
        return [start, end]
    y = rows.lanes[found.channel][found.lane]
    if found.trunk is None:
        return [start, (start[0], y), (end[0], y), end]
    x = columns.lanes[found.trunk][found.lane]
    return [start, (x, start[1]), (x, y), (end[0], y), end]


def _at(centre: Point, edge: Edge, offset: float) -> Point:
    x, y = centre
    if edge in ("top", "bottom"):
        return x + offset, y + (BOX[1] / 2 if edge == "bottom" else -BOX[1] / 2)
    return x + (BOX[0] / 2 if edge == "right" else -BOX[0] / 2), y + offset


def _words(found: Route, corners: Sequence[Point], cells: Mapping[str, Cell], columns: Axis, rows: Axis) -> Point:
    """The middle of the line's longest piece across, or of the room that a straight line has for its words."""
    if found.channel is not None:
        return (corners[-3][0] + corners[-2][0]) / 2, corners[-2][1]
    first = _first(found, cells)
    if found.leaves in ("left", "right"):
        left, right = columns.rooms[first.column + 1], columns.boxes[first.column + 1] - BOX[0] / 2
        return (left + right) / 2, corners[0][1]
    return corners[0][0], rows.rooms[first.row + 1] + ROOM[1] / 2
