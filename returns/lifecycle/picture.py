"""Boxes, lines, arrowheads and labels as the numbers that SVG attributes need."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from returns.lifecycle.law import Step, steps
from returns.lifecycle.places import BOX, HEIGHT, MAIN_ROAD, WIDTH, centre
from returns.lifecycle.routes import Point, routes
from returns.lifecycle.states import FINISHED
from returns.models import Case
from signoff.web.tones import tone

ROUND = 9
HEAD = 7
LINE_HEIGHT = 13
BOX_LINE = 16
BESIDE = 0.3  # how far down an upright line its label stands: lanes run lower
NARROW = 11  # letters that fit between two boxes


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

    step: Step
    path: str
    head: str
    kind: str
    label: Label | None


@dataclass(frozen=True)
class Picture:
    boxes: list[Box]
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT
    box_width: int = BOX[0]
    box_height: int = BOX[1]


def draw(counts: Mapping[str, str]) -> Picture:
    """The picture with a number (as words, "1000+") in each box; none where ``counts`` has none."""
    law = steps()
    found = routes(law)
    told: set[tuple[str, str, float]] = set()
    lines = [_line(step, found, told) for step in law]
    boxes = [_box(status, counts.get(status, "")) for status in Case.Status.values]
    return Picture(boxes, sorted(lines, key=lambda line: KINDS.index(line.kind)))


KINDS = ("end", "side", "main")  # the main road is drawn last, above the others


def _box(status: str, count: str) -> Box:
    x, y = centre(status)
    words = _wrapped(str(Case.Status(status).label))
    top = BOX[1] / 2 + 5 - BOX_LINE * (len(words) - 1) / 2
    stacked = [(top + index * BOX_LINE, line) for index, line in enumerate(words)]
    return Box(status, stacked, tone(status), x - BOX[0] / 2, y - BOX[1] / 2, count, 14 + 8 * len(count))


def _line(step: Step, found: Mapping[Step, list[Point]], told: set[tuple[str, str, float]]) -> Line:
    corners = found[step]
    back = Step("", "", step.target, step.source, "")
    lane = (step.name, step.target, corners[len(corners) // 2][1] if len(corners) > 2 else id(step))
    label = None if lane in told else _label(step, corners, pair=_has_way_back(back, found))
    told.add(lane)
    return Line(step, _path(corners), _head(corners), _kind(step), label)


def _has_way_back(back: Step, found: Mapping[Step, list[Point]]) -> bool:
    return any(
        (step.source, step.target) == (back.source, back.target) and len(corners) == 2
        for step, corners in found.items()
    )


def _kind(step: Step) -> str:
    if (step.source, step.target) in pairwise(MAIN_ROAD):
        return "main"
    return "end" if step.target in FINISHED and step.source not in FINISHED else "side"


def _path(corners: list[Point]) -> str:
    """Straight pieces with rounded corners."""
    parts = [f"M{corners[0][0]:g} {corners[0][1]:g}"]
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        near, far = _towards(here, before), _towards(here, after)
        parts.append(f"L{near[0]:g} {near[1]:g}Q{here[0]:g} {here[1]:g} {far[0]:g} {far[1]:g}")
    parts.append(f"L{corners[-1][0]:g} {corners[-1][1]:g}")
    return "".join(parts)


def _towards(point: Point, other: Point, reach: float = ROUND) -> Point:
    """The point ``reach`` from ``point`` on the way to ``other``, at most half way."""
    length = abs(other[0] - point[0]) + abs(other[1] - point[1])
    share = min(reach, length / 2) / length if length else 0
    return point[0] + (other[0] - point[0]) * share, point[1] + (other[1] - point[1]) * share


def _head(corners: list[Point]) -> str:
    """The arrowhead at the end, as points of a polygon."""
    (x, y), (from_x, from_y) = corners[-1], corners[-2]
    along = ((x > from_x) - (x < from_x), (y > from_y) - (y < from_y))
    base_x, base_y = x - along[0] * HEAD, y - along[1] * HEAD
    across = (along[1] * HEAD / 2, along[0] * HEAD / 2)
    points = [(x, y), (base_x + across[0], base_y + across[1]), (base_x - across[0], base_y - across[1])]
    return " ".join(f"{px:g},{py:g}" for px, py in points)


def _label(step: Step, corners: list[Point], *, pair: bool) -> Label:
    if len(corners) > 2:
        (x, y), (to_x, _to_y) = max(pairwise(corners), key=lambda piece: abs(piece[0][0] - piece[1][0]))
        return Label([(y + 4, str(step.label))], (x + to_x) / 2, "middle")
    (x, y), (to_x, to_y) = corners
    words = _wrapped(str(step.label))
    if y == to_y:
        below = pair and step.source > step.target
        top = y + LINE_HEIGHT + 3 if below else y - 6 - LINE_HEIGHT * (len(words) - 1)
        return Label(_stacked(words, top), (x + to_x) / 2, "middle")
    middle = min(y, to_y) + abs(to_y - y) * BESIDE + 4 - LINE_HEIGHT * (len(words) - 1) / 2
    left = pair and step.source < step.target
    return Label(_stacked(words, middle), x - 7 if left else x + 7, "end" if left else "start")


def _stacked(words: list[str], top: float) -> list[tuple[float, str]]:
    return [(top + index * LINE_HEIGHT, line) for index, line in enumerate(words)]


def _wrapped(words: str, width: int = NARROW) -> list[str]:
    """Lines of about ``width`` letters; a Chinese letter is as wide as two."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
