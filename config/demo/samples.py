"""Invented matter for the style guide."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from config.navigation import ENTRIES, Group, Item
from signoff.tones import TONES

QUEUE = (
    ("RMA-10420", "Anna Schmidt", "Noise-cancelling headphones", "Left ear cup silent", "submitted", "New", 48, 24, "249.00", "Mei Sato"),
    ("RMA-10421", "陳美玲", "無線降噪耳機 Pro", "左耳沒有聲音", "awaiting_approval", "In review", 72, 20, "232.00", "Jon Lind"),
    ("RMA-10422", "João Pereira", "Espresso grinder G2", "Damaged in transit", "received", "Inspection", 6, 30, "215.00", "Ada King"),
    ("RMA-10423", "王小明", "智能电饭煲 4L", "无法加热，显示 E3", "authorised", "Authorised", 26, 40, "198.00", "Pat Ode"),
    ("RMA-10424", "Claire Dubois", "Trail running shoes 42", "Wrong size", "resolved", "Refunded", -4, 90, "181.00", "Rae Tam"),
    ("RMA-10425", "Tom Baker", "Mechanical keyboard", "Changed mind", "rejected", "Rejected", 50, 30, "164.00", "Mei Sato"),
    ("RMA-10426", "林志偉", "Air purifier A3", "收到時外殼破裂", "inspected", "Inspected", 80, 20, "147.00", "Jon Lind"),
    ("RMA-10427", "Priya N.", "Smart watch S7", "Battery drains", "waiting_on_shopper", "Waiting on shopper", None, 10, "130.00", ""),
)  # fmt: skip


class SampleForm(forms.Form):
    """One field of each kind."""

    grade = forms.ChoiceField(label="Condition grade", choices=[("a", "A – as new"), ("b", "B – opened, complete")])
    email = forms.EmailField(label="E-mail", help_text="Only used to tell you about this case.")
    note = forms.CharField(label="Note to customer", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    wish = forms.ChoiceField(
        label="What would you like?", choices=[("refund", "My money back"), ("exchange", "Another one")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="The goods are complete")
    photos = forms.FileField(label="Photos", help_text="JPEG, PNG or HEIC, up to 15 MB each.", required=False)


def everything() -> dict[str, Any]:
    """All samples, by the name the style guide uses."""
    return {
        "rows": queue(),
        "stats": stats(),
        "tabs": tabs(),
        "statuses": [(status, status.replace("_", " ").capitalize()) for status in TONES],
        "steps": steps(),
        "stopped": [*steps()[:2], {"label": "Rejected", "state": "stopped", "detail": "Today"}],
        "entries": timeline(),
        "money_rows": money_rows(),
        "total": Decimal("224.10"),
        "facts": [
            {"label": "Order", "value": "HW-2026-0042"},
            {"label": "Bought", "value": "3 November 2026"},
            {"label": "Channel", "value": "Web shop"},
        ],
        "amounts": [(Decimal("1234.5"), code) for code in ("EUR", "CNY", "TWD", "USD", "JPY", "KWD")],
    }


def queue() -> list[dict[str, Any]]:
    now = timezone.now()
    names = ("number", "customer", "item", "reason", "status", "label", "left", "used", "amount", "owner")
    rows = [dict(zip(names, row, strict=True)) for row in QUEUE]
    for index, row in enumerate(rows):
        row["amount"] = Decimal(row["amount"])
        row["opened"] = now - timedelta(hours=row["used"])
        row["since"] = row["opened"]
        row["due"] = None if row["left"] is None else now + timedelta(hours=row["left"], minutes=index + 1)
    return rows


def stats() -> list[dict[str, Any]]:
    return [
        {"label": "Open cases", "value": "128", "detail": "12 this week", "trend": "up", "series": [3, 4, 2, 5, 6, 4, 7, 9, 8, 10, 6, 11, 9], "url": "#main"},
        {"label": "Median time to decision", "value": "1.8 d", "detail": "0.4 d", "trend": "down", "tone": "ok", "series": [9, 9, 8, 8, 9, 7, 7, 8, 6, 6, 5, 6, 5, 5]},
        {"label": "Overdue", "value": "9", "detail": "3", "trend": "up", "tone": "danger", "series": [1, 2, 1, 3, 2, 4, 3, 3, 4, 5, 4, 6, 7, 8]},
        {"label": "Refunded this month", "value": "€18,420", "detail": "6.1 % of sales", "series": [1, 2, 2, 3, 3, 4, 4, 3, 5, 6, 7, 7, 8, 9]},
    ]  # fmt: skip


def tabs() -> list[dict[str, Any]]:
    names = (("All", 128), ("New", 41), ("In review", 33), ("Inspection", 24), ("Approved", 21), ("Overdue", 9))
    return [{"label": label, "count": count, "url": "#main", "active": label == "All"} for label, count in names]


def steps() -> list[dict[str, str]]:
    done = [{"label": label, "state": "done"} for label in ("Requested", "Accepted", "Received")]
    return [*done, {"label": "Inspection", "state": "now", "detail": "by Friday"}, *({"label": label, "state": "todo"} for label in ("Decision", "Refund"))]


def timeline() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"icon": "camera", "who": "Mei Sato", "title": "Uploaded 3 photos", "at": now - timedelta(minutes=12)},
        {"icon": "truck", "title": "Parcel received at Dock 2", "at": now - timedelta(hours=5)},
        {"icon": "check", "who": "Jon Lind", "title": "Accepted the request", "note": "Within 30 days, policy DE-30.", "at": now - timedelta(days=1), "tone": "ok"},
        {"icon": "user", "title": "Anna Schmidt asked for a return", "at": now - timedelta(days=45)},
    ]  # fmt: skip


def money_rows() -> list[dict[str, Any]]:
    return [
        {"label": "Item price", "amount": Decimal("249.00")},
        {"label": "Restocking", "note": "Grade B, 10 %", "amount": Decimal("-24.90")},
        {"label": "Return shipping", "amount": Decimal("0.00")},
    ]


def sidebar() -> list[Group]:
    """The whole sidebar, as somebody with every permission sees it."""
    counts = {"Queue": 128, "Bench": 24, "Approvals": 9, "Refunds": 3}
    groups = [
        Group(label, [Item(e.label, e.icon, "#main", count=counts.get(str(e.label))) for e in entries])
        for label, entries in ENTRIES
    ]
    groups[0].items[0].active = True
    return groups
