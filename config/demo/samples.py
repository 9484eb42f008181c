"""Sample data for the style guide."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.utils import timezone

from config.web.navigation import ENTRIES, Group, Item
from signoff.web.tones import registered_tones

DATA = json.loads((Path(__file__).parent / "look.json").read_text("utf-8"))


class SampleForm(forms.Form):
    """One field of each kind."""

    grade = forms.ChoiceField(label="Condition grade", choices=[("a", "A – as new"), ("b", "B – opened, complete")])
    email = forms.EmailField(label="E-mail", help_text="Only used to tell you about this case.")
    note = forms.CharField(label="Note to customer", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    wish = forms.ChoiceField(
        label="What would you like?",
        choices=[("refund", "My money back"), ("exchange", "Another one")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label="The goods are complete")
    photos = forms.FileField(label="Photos", help_text="JPEG, PNG or HEIC, up to 15 MB each.", required=False)


def all_samples() -> dict[str, Any]:
    """All samples, by the name that the templates use."""
    return {
        "rows": queue(),
        "stats": DATA["stats"],
        "tabs": tabs(),
        "statuses": [(status, status.replace("_", " ").capitalize()) for status in registered_tones()],
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
    rows = [dict(row) for row in DATA["queue"]]
    for index, row in enumerate(rows):
        row["amount"] = Decimal(row["amount"])
        row["opened"] = now - timedelta(hours=row["used"])
        row["since"] = row["opened"]
        row["due"] = None if row["left"] is None else now + timedelta(hours=row["left"], minutes=index + 1)
    return rows


def tabs() -> list[dict[str, Any]]:
    names = (("All", 128), ("New", 41), ("In review", 33), ("Inspection", 24), ("Approved", 21), ("Overdue", 9))
    return [{"label": label, "count": count, "url": "#main", "active": label == "All"} for label, count in names]


def steps() -> list[dict[str, str]]:
    done = [{"label": label, "state": "done"} for label in ("Requested", "Accepted", "Received")]
    return [
        *done,
        {"label": "Inspection", "state": "now", "detail": "by Friday"},
        *({"label": label, "state": "todo"} for label in ("Decision", "Refund")),
    ]


def timeline() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"icon": "camera", "who": "Mei Sato", "title": "Uploaded 3 photos", "at": now - timedelta(minutes=12)},
        {"icon": "truck", "title": "Parcel received at Dock 2", "at": now - timedelta(hours=5)},
        {
            "icon": "check",
            "who": "Jon Lind",
            "title": "Accepted the request",
            "note": "Within 30 days, policy DE-30.",
            "at": now - timedelta(days=1),
            "tone": "ok",
        },
        {"icon": "user", "title": "Anna Schmidt asked for a return", "at": now - timedelta(days=45)},
    ]


def money_rows() -> list[dict[str, Any]]:
    return [
        {"label": "Item price", "amount": Decimal("249.00")},
        {"label": "Restocking", "note": "Grade B, 10 %", "amount": Decimal("-24.90")},
        {"label": "Return shipping", "amount": Decimal("0.00")},
    ]


def sidebar() -> list[Group]:
    """The sidebar as somebody with every permission sees it."""
    counts = {"Queue": "128", "Bench": "24", "Approvals": "9", "Refunds": "3"}
    groups = [
        Group(label, [Item(e.label, e.icon, "#main", count=counts.get(str(e.label))) for e in entries])
        for label, entries in ENTRIES
    ]
    groups[0].items[0].active = True
    return groups
