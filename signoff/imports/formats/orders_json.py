"""Base of the JSON readers: finds orders in an envelope, rejects an order whole with the path of the wrong value."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.cells import CellError
from signoff.imports.files.csv import Row
from signoff.imports.files.json import Node
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source
from signoff.imports.layouts.readers import collect_report
from signoff.imports.orders.parsed import SoldOrder
from signoff.imports.orders.pricing import check_order

ENVELOPES = ("order", "orders", "create", "update")
DELETED = "delete"
MAX_SHOWN = 2000

type BuildOrder = Callable[[Node, Row], SoldOrder]


def find_orders(source: Source) -> Iterator[Node]:
    """Every object that may be an order: the document, the members of its list, or those of its envelope."""
    for document in source.documents:
        root = document.root
        inside = [root[key] for key in (*ENVELOPES, DELETED) if root.has(key)]
        for node in inside or [root]:
            if isinstance(node.value, list):
                yield from node.elements()
            else:
                yield node


def all_have_keys(source: Source, *keys: str) -> bool:
    """Whether all files are JSON and the first order has these keys."""
    first = next(find_orders(source), None)
    return not source.tables and first is not None and first.has(*keys)


class JsonReader:
    """Reads documents by ``build``, which makes an order of a node or raises ``CellError`` with a path.

    Raises ``UnreadableFile`` for a source with anything but orders.
    """

    passes = 1
    provides = frozenset({"article", "email", "name", "street", "city", "postcode", "country"})

    def __init__(self, source: Source, build: BuildOrder) -> None:
        if source.tables or not source.documents:
            raise UnreadableFile(_("This format needs JSON files."))
        self.source, self.build = source, build
        self.report: dict[str, Any] = {}
        self._progress_callback: Callable[[int], object] | None = None

    def on_progress(self, callback: Callable[[int], object]) -> None:
        self._progress_callback = callback

    def read(self) -> Iterator[SoldOrder | RejectedRow]:
        yield from collect_report(self._orders(), self.report, counts_contacts=True)

    def _orders(self) -> Iterator[SoldOrder | RejectedRow]:
        seen: dict[str, str] = {}
        for count, node in enumerate(find_orders(self.source), start=1):
            if self._progress_callback:
                self._progress_callback(1)
            row = Row(count, [(node["name"] or node["number"] or node["id"]).text, _preview_text(node)])
            try:
                order = check_order(self.build(_check_node(node), row))
                if order.number in seen:
                    sentence = _("There is already an order with this number at %(place)s. Remove one of them.")
                    raise CellError(node.path, sentence % {"place": seen[order.number]})
            except CellError as error:
                yield RejectedRow(row, error.column if error.column.startswith("$") else node.path, str(error))
            else:
                seen[order.number] = node.path
                yield order


def read_value[T](node: Node, parse: Callable[..., T], **options: object) -> T:
    """The value parsed by ``parse(path, text)``. Raises ``CellError`` with the path."""
    return parse(node.path, node.text, **options)


def read_amount(node: Node) -> Decimal:
    """An amount that is not negative; a missing one is zero."""
    return cells.amount(node.path, node.text)


def read_code(node: Node) -> str:
    """An identifier, or an empty text."""
    return cells.identity(node.path, node.text) if node.text.strip() else ""


def unique_lines(nodes: Iterator[Node]) -> list[Node]:
    """The lines of an order. Raises ``CellError`` if two have the same id."""
    paths: dict[str, str] = {}
    lines = list(nodes)
    for node in lines:
        if (line_id := node["id"].text) and line_id in paths:
            raise CellError(
                node["id"].path, _("Another line of this order has the same id: %(path)s.") % {"path": paths[line_id]}
            )
        paths[line_id] = node["id"].path
    return lines


def _check_node(node: Node) -> Node:
    if not isinstance(node.value, dict):
        raise CellError(node.path, _("An order was expected here."))
    if node.path.startswith(f"$.{DELETED}["):
        raise CellError(node.path, _("The shop has deleted this order; it is not imported."))
    return node


def _preview_text(node: Node) -> str:
    return json.dumps(node.value, ensure_ascii=False, default=str)[:MAX_SHOWN]
