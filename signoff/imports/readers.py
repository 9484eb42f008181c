"""How the rows of a table become orders: one pass where they stand together, two where they may be scattered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from typing import Any

from signoff.imports.layouts import Layout, Record, one_order
from signoff.imports.reports import report_of
from signoff.imports.terms import Found, SoldOrder
from signoff.imports.together import Recent, gathered, twice

type Build = Callable[[Sequence[Record]], SoldOrder | None]


class Scattered:
    """The rows of an order stand wherever they like; ``build`` makes one order of them."""

    passes = 2

    def __init__(self, layout: Layout, build: Build, *, zone: tzinfo = UTC) -> None:
        self.layout, self.build, self.zone = layout, build, zone
        self.report: dict[str, Any] = {}

    def read(self) -> Iterator[Found]:
        yield from report_of(self._orders(), self.report, zone=self.zone)

    def _orders(self) -> Iterator[Found]:
        for rows in gathered(self.layout, "number"):
            yield from one_order(self.layout, rows, self.build)


class Together(Scattered):
    """The rows of an order follow each other: ``groups`` cuts them. An order that comes twice is refused."""

    passes = 1

    def __init__(
        self,
        layout: Layout,
        build: Build,
        *,
        groups: Callable[[Iterable[Record]], Iterable[Sequence[Record]]],
        zone: tzinfo = UTC,
    ) -> None:
        super().__init__(layout, build, zone=zone)
        self.groups = groups

    def _orders(self) -> Iterator[Found]:
        recent = Recent()
        for rows in self.groups(self.layout.records()):
            first = rows[0]
            if first["number"] and (line := recent.earlier(first["number"], first.row.line)):
                yield from (self.layout.refuse(record.row, "number", twice(line)) for record in rows)
            else:
                yield from one_order(self.layout, rows, self.build)
