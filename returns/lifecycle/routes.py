"""Finding the way of each line: straight between neighbours, else along a lane that a step has for itself."""

from collections import defaultdict
from dataclasses import dataclass

from returns.lifecycle.law import Step
from returns.lifecycle.places import BOX, COLUMN, PLACES, centre, lane

type Point = tuple[float, float]

HALF_WIDTH, HALF_HEIGHT = BOX[0] / 2, BOX[1] / 2
PAIR = 9  # distance from the middle when two lines go to and fro
PORT = 14  # distance between lines at the upper or lower edge of a box
SIDE_PORT = 10
TRUNK = (14, 8)  # distance from the box, and between, of the lines that run down beside a column


@dataclass(frozen=True)
class Way:
    """Where a step's line leaves its source and enters its target: t, b, l or r; ``lane`` None means straight."""

    step: Step
    leaves: str
    enters: str
    lane: int | None


def way_of(step: Step, taken: set[str]) -> Way:
    """The way of one step, past the boxes of ``taken`` states."""
    (x, y), (to_x, to_y) = centre(step.source), centre(step.target)
    if y == to_y and abs(x - to_x) == COLUMN:
        return Way(step, *("rl" if to_x > x else "lr"), None)
    if x == to_x and not _between(taken, x, y, to_y):
        return Way(step, *("bt" if to_y > y else "tb"), None)
    height = lane(step.name, step.source)
    leaves = ("b" if height > y else "t") if not _between(taken, x, y, height) else _side(x)
    if height == to_y:
        return Way(step, leaves, "l" if x < to_x else "r", height)
    enters = ("t" if height < to_y else "b") if not _between(taken, to_x, height, to_y) else _side(to_x)
    return Way(step, leaves, enters, height)


def routes(steps: list[Step]) -> dict[Step, list[Point]]:
    """The corners of every step's line, from the edge of its source to the edge of its target."""
    taken = {step.source for step in steps} | {step.target for step in steps} | set(PLACES)
    ways = [way_of(step, taken) for step in steps]
    ports = _ports(ways)
    beside = sorted({way.step.name for way in ways if _runs_beside(way)})
    trunks = {name: index for index, name in enumerate(beside)}
    return {way.step: _corners(way, ports, trunks.get(way.step.name, 0)) for way in ways}


def _runs_beside(way: Way) -> bool:
    """Whether the line runs up or down beside a column."""
    if way.lane is None:
        return False
    return way.leaves in "lr" or (way.enters in "lr" and way.lane != centre(way.step.target)[1])


def _between(taken: set[str], x: float, y: float, end: float) -> bool:
    """Whether a box of the column ``x`` stands in the way from ``y`` (its own row) to ``end``."""
    low, high = sorted((y, end))
    rows = [place_y for place_x, place_y in map(centre, taken) if place_x == x]
    return any(low < row < high for row in rows)


def _side(x: float) -> str:
    return "l" if x == centre("submitted")[0] else "r"


def _ports(ways: list[Way]) -> dict[tuple[str, str, str], float]:
    """How far from the middle of the edge each line starts or ends: (state, edge, line) → offset.

    Lines of one step into one state share their port.
    """
    wanted: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    fixed: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    straight = {(way.step.source, way.step.target) for way in ways if way.lane is None}
    for way in ways:
        source, target = way.step.source, way.step.target
        ends = [
            (source, way.leaves, f"out {way.step.name}", target),
            (target, way.enters, f"in {way.step.name}", source),
        ]
        for state, edge, line, other in ends:
            if way.lane is None:
                both = (target, source) in straight
                fixed[state, edge][line] = (PAIR if source > target else -PAIR) if both else 0
            elif way.lane == centre(state)[1]:
                fixed[state, edge][line] = 0
            else:
                wanted[state, edge].setdefault(line, centre(other)[0] if edge in "tb" else way.lane)
    return {
        (state, edge, line): offset
        for (state, edge) in wanted.keys() | fixed.keys()
        for line, offset in _spread(state, edge, wanted[state, edge], fixed[state, edge]).items()
    }


def _spread(state: str, edge: str, wanted: dict[str, float], fixed: dict[str, float]) -> dict[str, float]:
    """Lines that are not fixed stand beside those that are, on the side that they come from."""
    wanted = {line: other for line, other in wanted.items() if line not in fixed}
    gap = PORT if edge in "tb" else SIDE_PORT
    if not fixed:
        middle = (len(wanted) - 1) / 2
        return {line: (index - middle) * gap for index, line in enumerate(sorted(wanted, key=wanted.get))}
    here = centre(state)[0 if edge in "tb" else 1]
    before = sorted((line for line in wanted if wanted[line] < here), key=lambda line: -wanted[line])
    after = sorted((line for line in wanted if wanted[line] >= here), key=wanted.get)
    first = max(map(abs, fixed.values())) + gap
    places = {line: -first - gap * index for index, line in enumerate(before)}
    return fixed | places | {line: first + gap * index for index, line in enumerate(after)}


def _corners(way: Way, ports: dict[tuple[str, str, str], float], trunk: int) -> list[Point]:
    start = _at(way.step.source, way.leaves, ports[way.step.source, way.leaves, f"out {way.step.name}"])
    end = _at(way.step.target, way.enters, ports[way.step.target, way.enters, f"in {way.step.name}"])
    if way.lane is None:
        return [start, end]
    beside = TRUNK[0] + TRUNK[1] * (trunk % 6)
    corners = [start]
    if way.leaves in "lr":
        x = start[0] + (beside if way.leaves == "r" else -beside)
        corners += [(x, start[1]), (x, way.lane)]
    else:
        corners.append((start[0], way.lane))
    if way.enters in "lr" and way.lane != end[1]:
        x = end[0] + (beside if way.enters == "r" else -beside)
        corners += [(x, way.lane), (x, end[1])]
    elif way.enters in "tb":
        corners.append((end[0], way.lane))
    return [*corners, end]


def _at(state: str, edge: str, offset: float) -> Point:
    x, y = centre(state)
    if edge in "tb":
        return x + offset, y + (HALF_HEIGHT if edge == "b" else -HALF_HEIGHT)
    return x + (HALF_WIDTH if edge == "r" else -HALF_WIDTH), y + offset
