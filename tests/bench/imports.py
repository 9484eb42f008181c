"""(c) A year of real orders by ``import_orders``, beside PostgreSQL's own COPY of the very rows that came of it.

COPY gets the rows finished, as a file, into empty tables with the same indexes, checks and foreign keys, in one
transaction. The import reads the shop's CSV twice, judges every cell, prices every line, counts the file's figures,
finds the customers and writes orders, their history, lines and payments, ready to be run again.

Half a million rows with addresses, discounts, taxes, shipping and parcels are imported by the command, in a process of
its own, whose memory is that of an import and of nothing else.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection, transaction

from signoff.db.roles import as_owner
from signoff.imports.files.csv import CsvTable
from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.formats.registry import FORMATS
from signoff.imports.orders.run import import_orders
from signoff.models import Order, Shop
from tests.bench.large_export import ROWS, write_export
from tests.datafiles import data_file
from tests.figures import Figure, record

DECEMBER = Path(__file__).parents[1] / "data" / "online_retail" / "online_retail_2010_12_slice.csv.gz"
YEAR = data_file("orders/online_retail/online_retail_2010_2011.csv.gz")
TABLES = ("customer", "order", "historicalorder", "orderline", "payment")  # parents before children
ROUNDS = 3
WHY = "Python: reading and judging cells, pricing lines; COPY gets finished rows"


def measure() -> None:
    """Write rows per second, the ratio and the memory: a month (three times), the whole year, half a million rows."""
    tell("December", [_both(DECEMBER, f"december-{at}") for at in range(ROUNDS + 1)][1:])  # the first warms up
    if YEAR.exists():
        tell("the year", [_both(YEAR, "year")])
        _seconds, peak = _by_command(YEAR, "year-by-command")
        record(Figure("imports", "the year: memory of the process, at most", peak, "MiB", "≤ 300"))
    _tell_many()


def _tell_many() -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "orders_export.csv"
        write_export(file)
        seconds, peak = _by_command(file, "many")
    assert Order.objects.filter(shop__slug="many").count() == ROWS // 2
    name = f"{ROWS:,} rows of Shopify"
    record(Figure("imports", f"{name}: rows imported per second", ROWS / seconds, "/s"))
    record(Figure("imports", f"{name}: memory of the process, at most", peak, "MiB", "≤ 300"))


def _by_command(file: Path, slug: str) -> tuple[float, float]:
    """Seconds and mebibytes that ``manage.py import_orders`` takes for a shop of its own."""
    Shop.objects.create(slug=slug, name=slug, currency="GBP", country="GB", time_zone="Europe/London")
    with TemporaryDirectory() as folder:
        command = [sys.executable, "manage.py", "import_orders", file, "--shop", slug, "--refused", f"{folder}/refused"]
        before = time.perf_counter()
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
        peak = _highest(process)
        assert process.returncode == 0, "the import broke off"
        return time.perf_counter() - before, peak


def _highest(process: subprocess.Popen) -> float:
    """The most memory that the process has had until it ended, in mebibytes, as its own high-water mark tells.

    What ``wait4`` tells is no less than its parent had when it began it.
    """
    peak = 0
    while process.poll() is None:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        peak = max([peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))])
        time.sleep(0.1)
    return peak / 1024


def tell(what: str, rounds: Sequence[tuple[int, float, float]]) -> None:
    """Each round is rows, seconds of the import, seconds of COPY."""
    rows = rounds[0][0]
    ours, plain = (statistics.median(taken[at] for taken in rounds) for at in (1, 2))
    ratio = statistics.median(copied / imported for _rows, imported, copied in rounds)
    record(Figure("imports", f"{what}: rows written", rows))
    record(Figure("imports", f"{what}: import against COPY of the same rows", ratio, "", "≥ 0.05", WHY))
    record(Figure("imports", f"{what}: rows imported per second", rows / ours, "/s"))
    record(Figure("imports", f"{what}: rows copied per second", rows / plain, "/s"))


def _both(file: Path, slug: str) -> tuple[int, float, float]:
    """Import for a shop of its own, then copy what that has made."""
    shop = Shop.objects.create(slug=slug, name=slug, currency="GBP", country="GB", time_zone="Europe/London")
    imported = _imported(file, shop)
    with TemporaryDirectory() as folder:
        rows = sum(_dump(table, shop, Path(folder)) for table in TABLES)
        return rows, imported, _copied(Path(folder))


def _imported(file: Path, shop: Shop) -> float:
    """Seconds from opening the file to the last commit."""
    before = time.perf_counter()
    table = CsvTable(file)
    with TemporaryDirectory() as folder:
        refused = RejectedRowsFile(Path(folder) / "refused.csv", fallback=Path(folder), header=table.header)
        import_orders(FORMATS["online-retail"](table), shop=shop, source="online-retail", rejected_rows=refused)
    return time.perf_counter() - before


def _dump(table: str, shop: Shop, folder: Path) -> int:
    """Write the shop's rows of a table to a file, as COPY reads them; returns how many."""
    of_shop = (
        "shop_id = %s"
        if table in ("customer", "order", "historicalorder")
        else ("order_id IN (SELECT id FROM signoff_order WHERE shop_id = %s)")
    )
    query = f"COPY (SELECT * FROM signoff_{table} WHERE {of_shop} ORDER BY 1) TO STDOUT"  # noqa: S608 - our own names
    with connection.cursor() as cursor, (folder / table).open("wb") as file:
        with cursor.copy(query, [shop.pk]) as copy:
            for block in copy:
                file.write(block)
        return cursor.rowcount


def _copied(folder: Path) -> float:
    """Seconds to bring the files into empty tables with all that the real ones have; only the owner makes tables."""
    with as_owner(), connection.cursor() as cursor:
        _make_empty_tables()
        before = time.perf_counter()
        with transaction.atomic():
            for table in TABLES:
                with cursor.copy(f"COPY bench.signoff_{table} FROM STDIN") as copy, (folder / table).open("rb") as file:
                    while block := file.read(1 << 16):
                        copy.write(block)
        taken = time.perf_counter() - before
        cursor.execute("DROP SCHEMA bench CASCADE")
    return taken


def _make_empty_tables() -> None:
    names = [f"signoff_{table}" for table in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [names],
        )
        foreign = cursor.fetchall()
        cursor.execute("CREATE SCHEMA bench")
        for name in names:
            cursor.execute(f"CREATE TABLE bench.{name} (LIKE public.{name} INCLUDING ALL)")
        with transaction.atomic():
            cursor.execute("SET LOCAL search_path = bench, public")
            for name, key in foreign:
                cursor.execute(f"ALTER TABLE {name} ADD {key}")
