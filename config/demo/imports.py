"""Order imports of the demo: two have run, one waits for confirmation; one order anomaly is handled."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.catalogue import GUIYAN, KILN
from config.demo.files import STALL_MAPPING, stall_table, taobao_report
from config.demo.recent_days import Desk
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs.runner import run_waiting
from signoff.models import OrderAnomaly, OrderImport
from signoff.orders import anomalies

ANOMALY_NOTE = "Rang the shopper: the parcel goes to the neighbour at number 12. Postcode added at the till."


def import_files(desks: dict[str, Desk], *, by: User, today: datetime) -> None:
    """Upload the files and run the confirmed ones; ``desks`` by the shop's slug."""
    stall, market = desks[KILN.slug], desks[GUIYAN.slug]
    first = _upload(stall, "stall-saturday.csv", stall_table(KILN, stall.rng, first=501, today=today), by=by, now=today)
    jobs.choose_mapping(first, mapping=STALL_MAPPING)
    report = _upload(market, "ExportOrderList.csv", taobao_report(GUIYAN, market.rng, today=today), by=by, now=today)
    for order_import in (first, report):
        jobs.confirm(order_import, by=by, now=today)
    run_waiting(today)
    later = stall_table(KILN, stall.rng, first=513, today=today)
    _upload(stall, "stall-sunday.csv", later, by=by, now=today + timedelta(minutes=1))
    anomaly = OrderAnomaly.objects.open().filter(order__shop=stall.context.shop, kind=OrderAnomaly.Kind.ADDRESS).first()
    if anomaly:
        anomalies.settle_anomaly(anomaly, by=by, words=ANOMALY_NOTE, now=today)


def _upload(desk: Desk, name: str, content: bytes, *, by: User, now: datetime) -> OrderImport:
    upload = SimpleUploadedFile(name, content, "text/csv")
    return jobs.upload([upload], shop=desk.context.shop, by=by, now=now)
