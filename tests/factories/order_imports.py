"""Imports in every state, and an imported order with an anomaly."""

from django.contrib.auth.models import User
from django.utils import timezone

from signoff.models import OrderAnomaly, OrderImport, Shop
from tests.factories import ImportFileFactory, OrderAnomalyFactory, OrderImportFactory, uploads
from tests.factories.uploads import generic_csv, retail_csv, retail_row


def make_imports(by: User, shop: Shop) -> dict[str, OrderImport]:
    """By state; ``table`` is one that nobody has explained."""
    options = {"by": by, "shop": shop}
    imports = {
        "done": uploads.run_import(retail_csv(retail_row(1), retail_row(2, quantity="two")), **options),
        "failed": _row(by, shop, "failed", problem="The files have been deleted. Upload them again."),
        "dropped": _row(by, shop, "dropped"),
        "sent": uploads.upload_files(retail_csv(retail_row(3), retail_row(4, price="free")), **options),
        "table": uploads.upload_files(generic_csv(), **options),
        "waiting": uploads.confirm_import(retail_csv(retail_row(5)), **options),
        "running": _row(by, shop, "running", lines=80_000, done=31_000, heard_at=timezone.now()),
    }
    OrderAnomalyFactory(
        order=shop.orders.earliest("pk"), kind=OrderAnomaly.Kind.UNPAID, facts={"paid": "1.00", "total": "2.00"}
    )
    return imports


def _row(by: User, shop: Shop, state: str, **columns: object) -> OrderImport:
    row = OrderImportFactory(shop=shop, sent_by=by, state=state, sent_at=timezone.now(), **columns)
    ImportFileFactory(of=row, name="订单_orders_export_with_a_very_long_name_of_january_2026_final_final(2).csv")
    return row
