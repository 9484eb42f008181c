"""How the rows of a table become orders: one pass where they stand together, two where they may be scattered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any

from signoff.imports.layouts.columns import Layout, Record, one_order
from signoff.imports.layouts.grouping import Recent, gathered, twice
from signoff.imports.orders.parsed import Found, SoldOrder
from signoff.imports.orders.report import report_of

type Build = Callable[[Sequence[Record]], SoldOrder | None]

#: which column of a layout holds what of an address (``terms.GIVEN``)
SHIP_TO = {part: f"ship_{part}" for part in ("name", "street", "city", "postcode", "country")}


class Scattered:
    """The rows of an order stand wherever they like; ``build`` makes one order of them.

    ``given`` says in which of our columns stands what every order should have; columns that the file lacks are not
    missed.
    """

    passes = 2

    def __init__(self, layout: Layout, build: Build, *, zone: tzinfo = UTC, given: Mapping[str, str] = SHIP_TO) -> None:
        self.layout, self.build, self.zone = layout, build, zone
        self.report: dict[str, Any] = {}
        self.gives = frozenset(part for part, column in given.items() if column in layout.places)

    def tell(self, advance: Callable[[int], object]) -> None:
        self.layout.grid.advance = advance

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
        given: Mapping[str, str] = SHIP_TO,
    ) -> None:
        super().__init__(layout, build, zone=zone, given=given)
        self.groups = groups

    def _orders(self) -> Iterator[Found]:
        recent = Recent()
        for rows in self.groups(self.layout.records()):
            first = rows[0]
            if first["number"] and (line := recent.earlier(first["number"], first.row.line)):
                yield from (self.layout.refuse(record.row, "number", twice(line)) for record in rows)
            else:
                yield from one_order(self.layout, rows, self.build)
