"""A shop's export of half a million rows: a quarter of a million orders of two lines."""

import csv
from pathlib import Path

ROWS = 500_000
TITLES = (
    "Name", "Email", "Financial Status", "Fulfilled at", "Currency", "Shipping", "Taxes", "Total", "Discount Code",
    "Discount Amount", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
    "Lineitem sku", "Lineitem fulfillment status", "Shipping Name", "Shipping Street", "Shipping City", "Shipping Zip",
    "Shipping Country", "Payment Method", "Payment Reference", "Id", "Vendor",
)  # fmt: skip


def write_export(path: Path, rows: int = ROWS) -> None:
    """Shopify's table; 27.45 with a discount and shipping for each order."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(TITLES)
        for number in range(rows // 2):
            writer.writerow(_first(number))
            writer.writerow(_second(number))


def _first(number: int) -> list[str]:
    buyer, day = number % 90_000, f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return [
        f"#{number}", f"buyer{buyer}@shopper.example", "paid", f"{day} 18:00:00 +0000", "EUR", "4.95", "4.38", "27.45",
        "SPRING", "2.50", "Standard", f"{day} 09:00:00 +0000", "2", f"Paper lantern {number % 500}", "10.00",
        f"LMP-{number % 500}", "fulfilled", f"Anna Schmidt {buyer}", "Hafenstr. 12", "Hamburg", "20457", "DE",
        "shopify_payments", f"pi_{number}", str(number), "Loom & Co",
    ]  # fmt: skip


def _second(number: int) -> list[str]:
    row = [""] * len(TITLES)
    facts = {
        "Name": f"#{number}", "Lineitem quantity": "1", "Lineitem name": "Cord", "Lineitem price": "5.00",
        "Lineitem sku": "CRD-1", "Lineitem fulfillment status": "fulfilled", "Vendor": "Loom & Co",
    }  # fmt: skip
    for title, cell in facts.items():
        row[TITLES.index(title)] = cell
    return row
