"""Files as merchants upload them, and import jobs in every state, made by the product's own actions."""

import gzip
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile

from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs.runner import run_waiting
from signoff.models import OrderImport, Shop
from tests.factories import ShopFactory, UserFactory

RETAIL_HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
OWN_HEADER = "No,Sku,Qty,Price,Day,Buyer"
OWN_COLUMNS = {"number": "No", "article": "Sku", "quantity": "Qty", "price": "Price", "placed": "Day"}
RECIPE = ColumnMapping(OWN_COLUMNS, currency="EUR", zone="Europe/Berlin")


def retail_row(number: int = 536365, *, code: str = "85123A", quantity: object = 6, price: object = "2.55") -> str:
    return f"{number},{code},WHITE HANGING HEART,{quantity},2010-12-01 08:26:00,{price},17850,United Kingdom"


def retail_csv(*rows: str) -> bytes:
    """An Online Retail file."""
    return "\n".join([RETAIL_HEADER, *(rows or (retail_row(),))]).encode() + b"\n"


def generic_row(number: str = "L-1", *, sku: str = "A-1", quantity: object = 2, price: object = "10.00") -> str:
    return f"{number},{sku},{quantity},{price},2026-03-01 10:00,Anna Schmidt"


def generic_csv(*rows: str) -> bytes:
    """A table that only its shop knows."""
    return "\n".join([OWN_HEADER, *(rows or (generic_row(),))]).encode() + b"\n"


def upload(content: bytes, name: str = "orders.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload_files(*contents: bytes, shop: Shop | None = None, by: User | None = None, **options: Any) -> OrderImport:
    """What was sent and nobody has looked at yet."""
    files: Sequence[SimpleUploadedFile] = [upload(content, f"orders{n}.csv") for n, content in enumerate(contents, 1)]
    return jobs.upload(
        files or [upload(retail_csv())], shop=shop or ShopFactory(), by=by or UserFactory(role="manager"), **options
    )


def confirm_import(*contents: bytes, **options: Any) -> OrderImport:
    """The same, waiting for a worker."""
    sent = upload_files(*contents, **options)
    if not sent.recipe and sent.format == jobs.TABLE:
        sent = jobs.choose_mapping(sent, mapping=RECIPE)
    return jobs.confirm(sent, by=sent.sent_by)


def run_import(*contents: bytes, **options: Any) -> OrderImport:
    """The same, when it is over."""
    waiting = confirm_import(*contents, **options)
    assert run_waiting() == 1
    return reload_import(waiting)


def reload_import(sent: OrderImport) -> OrderImport:
    return OrderImport.objects.get(pk=sent.pk)


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content)


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)
