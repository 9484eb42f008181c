"""Boxes, lines, arrowheads and labels as the numbers that SVG attributes need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil

from returns.lifecycle.diagram.grid import main_road
from returns.lifecycle.diagram.layout import BOX, Layout, Point, lay_out
from returns.lifecycle.diagram.routes import Route
from returns.lifecycle.diagram.steps import Transition, steps
from returns.lifecycle.states import STATES, Status

ROUND = 9
HEAD = 7
LINE_HEIGHT = 13
BOX_LINE = 16
NARROW = 12  # letters that fit between two boxes, or into one
KINDS = ("end", "side", "main")  # the main road is drawn last, above the others


@dataclass(frozen=True)
class Box:
    """One state."""

    status: str
    words: list[tuple[float, str]]
    tone: str
    x: float
    y: float
    count: str
    pill: int

    @property
    def half_pill(self) -> int:
        return self.pill // 2


@dataclass(frozen=True)
class Label:
    """Words at a line; ``anchor`` is SVG's text-anchor."""

    lines: list[tuple[float, str]]
    x: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """One step from one state, drawn; a label only once where several run together."""

    step: Transition
    path: str
    head: str
    kind: str
    label: Label | None


@dataclass(frozen=True)
class Picture:
    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int
    box_width: int = BOX[0]
    box_height: int = BOX[1]


def draw(counts: Mapping[str, str]) -> Picture:
    """The picture with a number (as words, "1000+") in each box; none where ``counts`` has none."""
    law = steps()
    layout = lay_out(STATES, law)
    road = set(pairwise(main_road(STATES, law)))
    labels = _labels(layout)
    lines = [
        Line(route.step, _path(corners), _head(corners), _kind(route.step, road), labels.get(route))
        for route, corners in layout.corners.items()
    ]
    boxes = [_box(status, layout.centres[status], counts.get(status, "")) for status in STATES]
    return Picture(
        boxes, sorted(lines, key=lambda line: KINDS.index(line.kind)), ceil(layout.width), ceil(layout.height)
    )


def _box(status: str, centre: Point, count: str) -> Box:
    words = _wrapped(str(Status(status).label))
    top = BOX[1] / 2 + 5 - BOX_LINE * (len(words) - 1) / 2
    stacked = [(top + index * BOX_LINE, line) for index, line in enumerate(words)]
    x, y = centre[0] - BOX[0] / 2, centre[1] - BOX[1] / 2
    return Box(status, stacked, STATES[status].tone, x, y, count, 14 + 8 * len(count))


def _kind(step: Transition, road: set[tuple[str, str]]) -> str:
    if (step.source, step.target) in road:
        return "main"
    return "end" if STATES[step.target].is_finished and not STATES[step.source].is_finished else "side"


def _path(corners: Sequence[Point]) -> str:
    """Straight pieces with rounded corners."""
    parts = [f"M{corners[0][0]:g} {corners[0][1]:g}"]
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        near, far = _towards(here, before), _towards(here, after)
        parts.append(f"L{near[0]:g} {near[1]:g}Q{here[0]:g} {here[1]:g} {far[0]:g} {far[1]:g}")
    parts.append(f"L{corners[-1][0]:g} {corners[-1][1]:g}")
    return "".join(parts)


def _towards(point: Point, other: Point, reach: float = ROUND) -> Point:
    """The point ``reach`` from ``point`` in the direction of ``other``, at most half way."""
    length = abs(other[0] - point[0]) + abs(other[1] - point[1])
    share = min(reach, length / 2) / length if length else 0
    return point[0] + (other[0] - point[0]) * share, point[1] + (other[1] - point[1]) * share


def _head(corners: Sequence[Point]) -> str:
    """The arrowhead at the end, as points of a polygon."""
    (x, y), (from_x, from_y) = corners[-1], corners[-2]
    along = ((x > from_x) - (x < from_x), (y > from_y) - (y < from_y))
    base_x, base_y = x - along[0] * HEAD, y - along[1] * HEAD
    across = (along[1] * HEAD / 2, along[0] * HEAD / 2)
    points = [(x, y), (base_x + across[0], base_y + across[1]), (base_x - across[0], base_y - across[1])]
    return " ".join(f"{px:g},{py:g}" for px, py in points)


def _labels(layout: Layout) -> dict[Route, Label]:
    """For each straight line, and for one of those that run together: the one with the longest piece across."""
    labels = {route: _straight(route, layout) for route in layout.words if route.channel is None}
    together = sorted((route for route in layout.words if route.channel is not None), key=lambda route: route.lane)
    for _lane, members in groupby(together, key=lambda route: route.lane):
        longest = max(members, key=lambda route: abs(layout.corners[route][-3][0] - layout.corners[route][-2][0]))
        x, y = layout.words[longest]
        labels[longest] = Label([(y + 4, str(longest.step.label))], x, "middle")
    return labels


def _straight(route: Route, layout: Layout) -> Label:
    """Above a line that runs across, right of one that runs up or down; of two to and fro one on either side."""
    words, (x, y) = _wrapped(str(route.step.label)), layout.words[route]
    middle = layout.centres[route.step.source]
    if route.leaves in ("left", "right"):
        top = y + LINE_HEIGHT + 3 if y > middle[1] else y - 6 - LINE_HEIGHT * (len(words) - 1)
        return Label(_stacked(words, top), x, "middle")
    top = y + 4 - LINE_HEIGHT * (len(words) - 1) / 2
    left = x < middle[0]
    return Label(_stacked(words, top), x - 7 if left else x + 7, "end" if left else "start")


def _stacked(words: Sequence[str], top: float) -> list[tuple[float, str]]:
    return [(top + index * LINE_HEIGHT, line) for index, line in enumerate(words)]


def _wrapped(words: str, width: int = NARROW) -> list[str]:
    """Lines of about ``width`` letters."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
