"""Hash and chain anew what an earlier version hashed with row ids and transaction numbers, or not at all.

Sign-offs get their hashes, refunds their trails, logbook and ledger new chains. What stands in the database now is
taken for true: run both verify commands of the earlier version before. The last entry of each case pins the pictures,
sign-offs and refunds it has now. Checkpoints of the old chains are forgotten; their files say nothing any more.

Everything that is needed is written out here, so that later changes of the product do not change what this does.
"""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from itertools import batched

from django.db import migrations

AT_ONCE = 500
GUARDED = ("signoff_signoff", "returns_logentry", "returns_case", "returns_checkpoint", "refunds_entry")


def canonical(facts):
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest(facts):
    return hashlib.sha256(canonical(facts)).hexdigest()


def link(previous, facts):
    return hashlib.sha256(previous.encode() + canonical(facts)).hexdigest()


def plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if value is None or isinstance(value, int | dict | list) else str(value)


def columns_of(row, *without):
    names = (field.attname for field in row._meta.concrete_fields if field.attname not in without)
    return {name: plain(getattr(row, name)) for name in names}


def grouped(rows, by):
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found


def chain_anew(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        sign_offs(apps)
        refunds(apps, cursor)
        logbook(apps)
        ledger(apps)
        apps.get_model("returns", "Checkpoint").objects.all().delete()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"')


def sign_offs(apps):
    """Hashes over what was signed, each chained to that of the sign-off it corrects."""
    SignOff, Photo = apps.get_model("signoff", "SignOff"), apps.get_model("signoff", "SignOffPhoto")
    Line, Discrepancy = apps.get_model("signoff", "SignOffLine"), apps.get_model("signoff", "Discrepancy")
    ends = {}  # key → (seq, hash); a correction comes after what it corrects
    rows = SignOff.objects.select_related("order", "parcel").order_by("pk").iterator(AT_ONCE)
    for some in batched(rows, AT_ONCE):
        keys = [one.pk for one in some]
        lines = grouped(Line.objects.filter(sign_off__in=keys).select_related("order_line"), "sign_off_id")
        problems = grouped(Discrepancy.objects.filter(line__sign_off__in=keys), "line_id")
        photos = grouped(Photo.objects.filter(sign_off__in=keys).order_by("pk"), "sign_off_id")
        for one in some:
            seq, one.previous = ends.get(one.corrects_id, (0, ""))
            one.seq = seq + 1
            one.pictures = {str(row.token): digest(columns_of(row, "id", "sign_off_id")) for row in photos[one.pk]}
            counted = sorted(
                (row.order_line.position, row.expected, row.counted, sorted((it.kind, it.quantity) for it in problems[row.pk]))
                for row in lines[one.pk]
            )
            said = ("seq", "outcome", "channel", "said_by", "signed_at", "recorded_at", "recorded_by_id", "pictures")
            facts = {name: plain(getattr(one, name)) for name in said} | {
                "order": one.order.token,
                "parcel": one.parcel.token if one.parcel else "",
                "lines": counted,
            }
            one.hash = link(one.previous, facts)
            ends[one.pk] = one.seq, one.hash
        SignOff.objects.bulk_update(some, ["seq", "pictures", "previous", "hash"])


def refunds(apps, cursor):
    """The history rows of each refund, counted and chained."""
    cursor.execute("""
        UPDATE refunds_historicalrefund AS past SET steps = counted.number
        FROM (SELECT history_id, row_number() OVER (PARTITION BY id ORDER BY history_id) AS number
              FROM refunds_historicalrefund) AS counted
        WHERE counted.history_id = past.history_id
    """)
    Refund, History = apps.get_model("refunds", "Refund"), apps.get_model("refunds", "HistoricalRefund")
    for some in batched(Refund.objects.order_by("pk").iterator(AT_ONCE), AT_ONCE):
        rows = grouped(History.objects.filter(id__in=[one.pk for one in some]).order_by("history_id"), "id")
        for one in some:
            for row in rows[one.pk]:
                one.steps, one.trail = row.steps, link(one.trail, columns_of(row, "history_id", "id"))
        Refund.objects.bulk_update(some, ["steps", "trail"])


def logbook(apps):
    """The entries of each case, chained by content."""
    Case, LogEntry = apps.get_model("returns", "Case"), apps.get_model("returns", "LogEntry")
    History = apps.get_model("returns", "HistoricalCase")
    for some in batched(Case.objects.order_by("pk").iterator(AT_ONCE), AT_ONCE):
        keys = [case.pk for case in some]
        entries = grouped(LogEntry.objects.filter(case__in=keys).order_by("seq"), "case_id")
        rows = History.objects.in_bulk([one.history_id for chain in entries.values() for one in chain if one.history_id])
        pinned = everything(apps, keys)
        for case in some:
            case.head = ""
            for entry in entries[case.pk]:
                if row := rows.get(entry.history_id):
                    entry.history_digest = digest(columns_of(row, "history_id", "id"))
                if entry is entries[case.pk][-1]:
                    entry.digests = pinned[case.pk]
                entry.previous = case.head
                case.head = entry.hash = link(entry.previous, said_of(entry, case.number))
        changed = ["history_digest", "digests", "previous", "hash"]
        LogEntry.objects.bulk_update([one for chain in entries.values() for one in chain], changed, batch_size=AT_ONCE)
        Case.objects.bulk_update(some, ["head"])


def said_of(entry, number):
    return {
        "case": number,
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "verb": entry.verb,
        "source": entry.source,
        "target": entry.target,
        "by": entry.by_id,
        "by_shopper": entry.by_shopper,
        "reason": entry.reason,
        "facts": entry.facts,
        "history": entry.history_digest,
        "digests": entry.digests,
    }


def everything(apps, keys):
    """Case → what its last entry pins: pictures, the sign-off that opened it, refunds."""
    pinned = defaultdict(dict)
    pictures = (
        ("evidence", apps.get_model("returns", "Evidence"), ("id", "case_id", "draft_id", "line_id")),
        ("photo", apps.get_model("inspection", "Photo"), ("id",)),
    )
    for kind, model, without in pictures:
        for row in model.objects.filter(case__in=keys):
            pinned[row.case_id][f"{kind}:{row.token}"] = digest(columns_of(row, *without))
    origins = apps.get_model("returns", "CaseOrigin").objects.filter(case__in=keys, sign_off__isnull=False)
    for row in origins.select_related("sign_off"):
        pinned[row.case_id][f"sign_off:{row.sign_off.hash}"] = row.sign_off.hash
    for row in apps.get_model("refunds", "Refund").objects.filter(case__in=keys, steps__gt=0):
        pinned[row.case_id][f"refund:{row.token}/{row.steps}"] = row.trail
    return pinned


def ledger(apps):
    """The entries of each case's ledger, chained by content."""
    Entry, before = apps.get_model("refunds", "Entry"), (None, "")
    rows = Entry.objects.select_related("case", "refund").order_by("case_id", "seq").iterator(AT_ONCE)
    for some in batched(rows, AT_ONCE):
        for entry in some:
            entry.previous = before[1] if before[0] == entry.case_id else ""
            entry.hash = link(entry.previous, booked_of(entry))
            before = entry.case_id, entry.hash
        Entry.objects.bulk_update(some, ["previous", "hash"])


def booked_of(entry):
    return {
        "case": entry.case.number,
        "seq": entry.seq,
        "voucher": entry.voucher,
        "at": entry.at.astimezone(UTC).isoformat(),
        "account": entry.account,
        "amount": str(entry.amount.quantize(Decimal("0.001"))),
        "currency": entry.currency,
        "refund": entry.refund.token if entry.refund else None,
        "customer": entry.customer_id,
        "text": entry.text,
    }


class Migration(migrations.Migration):

    dependencies = [
        ("refunds", "0007_trail_of_refunds"),
        ("returns", "0010_logbook_by_content"),
        ("signoff", "0012_hashes_of_sign_offs"),
        ("inspection", "0003_uploaded_at"),
    ]

    operations = [migrations.RunPython(chain_anew, migrations.RunPython.noop)]
