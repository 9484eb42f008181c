"""Lines side by side in the space between two rows or two columns, and how wide each space must be for them. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from returns.lifecycle.diagram.grid import Cell
from returns.lifecycle.diagram.routes import Route

PAD = 17  # from a box or from words to the next line
MARGIN = 18


@dataclass
class Track:
    """Lines in one space between cells: start and end of each (in halves of a cell), and its lane."""

    spans: dict[Hashable, tuple[int, int]] = field(default_factory=dict)
    pulls: dict[Hashable, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, line: Hashable, *stops: int, pull: int = 0) -> None:
        """``pull``: -1 for a line that turns off to the side where the lanes are counted from, 1 to the other."""
        stops = (*stops, *self.spans.get(line, ()))
        self.spans[line] = min(stops), max(stops)
        self.pulls[line].append(pull)

    def lanes(self) -> dict[Hashable, int]:
        """Line → lane; two lines share one only where they are apart."""
        lanes: dict[Hashable, int] = {}
        for line in sorted(self.spans, key=self._order):
            taken = {lane for other, lane in lanes.items() if self._meet(line, other)}
            lanes[line] = next(lane for lane in range(len(self.spans)) if lane not in taken)
        return lanes

    def _order(self, line: Hashable) -> tuple[float, int]:
        low, high = self.spans[line]
        return sum(self.pulls[line]) / len(self.pulls[line]), high - low

    def _meet(self, one: Hashable, other: Hashable) -> bool:
        (low, high), (other_low, other_high) = self.spans[one], self.spans[other]
        return low <= other_high and other_low <= high


@dataclass(frozen=True)
class Axis:
    """One direction of the picture: spaces and boxes in turn."""

    rooms: list[float]  # where the words of straight lines begin, or the lanes
    boxes: list[float]
    length: float
    lanes: list[dict[Hashable, float]]


def across(routes: Sequence[Route], cells: Mapping[str, Cell]) -> dict[int, Track]:
    """The lines that run across above each row. They pull up or down to where they come from and go to."""
    tracks: dict[int, Track] = defaultdict(Track)
    for route in routes:
        if route.channel is None:
            continue
        source, target = cells[route.step.source], cells[route.step.target]
        start = 2 * source.column + 1 if route.trunk is None else 2 * route.trunk
        pull = sum(1 if cell.row >= route.channel else -1 for cell in (source, target))
        tracks[route.channel].add(route.lane, start, 2 * target.column + 1, pull=pull)
    return tracks


def upright(routes: Sequence[Route], cells: Mapping[str, Cell]) -> dict[int, Track]:
    """The lines that run up or down left of each column."""
    tracks: dict[int, Track] = defaultdict(Track)
    for route in routes:
        if route.trunk is not None and route.channel is not None:
            tracks[route.trunk].add(route.lane, 2 * cells[route.step.source].row + 1, 2 * route.channel)
    return tracks


def axis(
    tracks: Mapping[int, Track], words: set[int], *, count: int, box: int, room: int, step: int, words_first: bool
) -> Axis:
    """``count`` boxes with a space before, between and behind; those in ``words`` have straight lines with words."""
    rooms, boxes, lanes, at = [], [], [], 0.0
    for index in range(count + 1):
        found = tracks[index].lanes() if index in tracks else {}
        needed = 2 * PAD + step * max(found.values()) if found else 0
        own = room if index in words else 0
        first = at + (own if words_first else 0) + PAD
        rooms.append(at + (0 if words_first else needed))
        lanes.append({line: first + lane * step for line, lane in found.items()})
        at += max(needed + own, MARGIN if index in (0, count) else 2 * PAD)
        if index < count:
            boxes.append(at + box / 2)
            at += box
    return Axis(rooms, boxes, at, lanes)
