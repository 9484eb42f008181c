"""The access matrix: its cells, and those in which the product answers otherwise than the table says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from django.utils.html import escape

from tests.proof.access.clients import Site
from tests.proof.access.expected_access import EVERYBODY, METHODS, Row, expected, rows
from tests.proof.access.requests import BY_THE_WAY, MARKUP, response_body, send_request
from tests.proof.access.urls import Address, addresses, paths

READING = ("GET", "HEAD")


@dataclass(frozen=True)
class Cell:
    """One question."""

    row: Row
    path: str
    who: str
    method: str

    def __str__(self) -> str:
        return f"{self.who} {self.method} {self.path}"


def unlisted(found: Iterable[Address]) -> list[str]:
    """Addresses without a row: nobody has said who may open them."""
    return [str(address) for address in found if address.route not in rows()]


def cells(site: Site, *, every: int = 1) -> Iterator[Cell]:
    """All cells; with ``every=7`` each seventh, and every refusal of what is sent to a page of our own."""
    for at, cell in enumerate(_cells(site)):
        if at % every == 0 or _matters_most(cell):
            yield cell


def _cells(site: Site) -> Iterator[Cell]:
    table = rows()
    for address in addresses():
        for path in paths(address, site.world):
            for who, method in product(EVERYBODY, METHODS):
                yield Cell(table[address.route], path, who, method)


def _matters_most(cell: Cell) -> bool:
    ours = not cell.path.startswith(("/admin/", "/accounts/"))
    return ours and cell.method == "POST" and expected(cell.row, cell.who, cell.method) not in ("in", "405")


def wrong(site: Site, asked: Iterable[Cell]) -> list[str]:
    """What is not as it should be, in words."""
    return [fault for cell in asked for fault in _faults(site, cell)]


def _faults(site: Site, cell: Cell) -> Iterator[str]:
    wanted = expected(cell.row, cell.who, cell.method)
    may_write = wanted == "in" and cell.method not in READING and "/history/" not in cell.path
    answer = send_request(site, cell.who, cell.method, cell.path, right=cell.row.right, may_write=may_write)
    if answer.outcome != wanted:
        yield f"{cell}: {answer.outcome} ({answer.status}), must be {wanted}"
    written = answer.written.difference(*(rows for start, rows in BY_THE_WAY.items() if cell.path.startswith(start)))
    if written:
        yield f"{cell}: writes {', '.join(sorted(written))}"


def unguarded(site: Site, *, every: int = 1) -> tuple[int, list[str]]:
    """How many POSTs were tried by whoever is let in, without the form's own token, and which of them were taken."""
    visitors = {"owner": "owner", "shopper": "owner", "api": "program"}
    asked = [cell for cell in _cells(site) if cell.method == "POST" and "POST" in cell.row.takes]
    asked = [cell for cell in asked if cell.row.right != "signed"]  # its own signature is what guards it
    asked = [cell for cell in asked if cell.who == visitors.get(cell.row.right, "administrator")]
    found, asked = list[str](), asked[::every]
    for cell in asked:
        answer = send_request(site, cell.who, "POST", cell.path, csrf=True, may_write=cell.row.right == "api")
        if answer.outcome != ("in" if cell.row.right == "api" else "403") or answer.written:
            found.append(f"{cell}: {answer.status} {sorted(answer.written)}")
    return len(asked), found


def reflected(site: Site, *, every: int = 1) -> tuple[int, list[str]]:
    """How often what was sent came back written out as text, and where it came back as markup."""
    shown, found = 0, []
    for cell in [cell for cell in _cells(site) if cell.method in ("GET", "POST") and _first_in(cell)][::every]:
        body = response_body(site, cell.who, cell.method, cell.path)
        shown += escape(MARKUP).encode() in body
        found += [str(cell)] if MARKUP.encode() in body else []
    return shown, found


def _first_in(cell: Cell) -> bool:
    """One visitor who is let in is enough for each page."""
    return cell.who == next((who for who in EVERYBODY if expected(cell.row, who, cell.method) == "in"), "")
