"""The demo's imports: two that have run, one that somebody still has to look at, and an odd order looked into."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.catalogue import GUIYAN, KILN
from config.demo.days import Desk
from config.demo.files import STALL_RECIPE, stall_table, taobao_report
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs.runner import run_waiting
from signoff.models import OrderAnomaly, OrderImport
from signoff.orders import anomalies

LOOKED_INTO = "Rang the shopper: the parcel goes to the neighbour at number 12. Postcode added at the till."


def import_files(desks: dict[str, Desk], *, by: User, today: datetime) -> None:
    """Send the files, run those that are confirmed; ``desks`` by the shop's slug."""
    stall, market = desks[KILN.slug], desks[GUIYAN.slug]
    first = _send(stall, "stall-saturday.csv", stall_table(KILN, stall.rng, first=501, today=today), by=by, now=today)
    jobs.choose_mapping(first, mapping=STALL_RECIPE)
    report = _send(market, "ExportOrderList.csv", taobao_report(GUIYAN, market.rng, today=today), by=by, now=today)
    for sent in (first, report):
        jobs.confirm(sent, by=by, now=today)
    run_waiting(today)
    later = stall_table(KILN, stall.rng, first=513, today=today)
    _send(stall, "stall-sunday.csv", later, by=by, now=today + timedelta(minutes=1))
    odd = OrderAnomaly.objects.open().filter(order__shop=stall.making.shop, kind=OrderAnomaly.Kind.ADDRESS).first()
    if odd:
        anomalies.settle_anomaly(odd, by=by, words=LOOKED_INTO, now=today)


def _send(desk: Desk, name: str, content: bytes, *, by: User, now: datetime) -> OrderImport:
    upload = SimpleUploadedFile(name, content, "text/csv")
    return jobs.upload([upload], shop=desk.making.shop, by=by, now=now)
