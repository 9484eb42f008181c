"""Imports as pages tell them: what is looked at before, how far it has come, what came of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signoff.imports.formats.registry import FORMATS
from signoff.models import OrderImport

WRITTEN = {
    "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB 18030", "cp1252": "Windows-1252", "xlsx": "XLSX",
    "json": "JSON",
}  # fmt: skip
State = OrderImport.State
TONES: dict[str, str] = {
    State.SENT: "warn",
    State.WAITING: "info",
    State.RUNNING: "accent",
    State.DONE: "ok",
    State.FAILED: "danger",
    State.DROPPED: "neutral",
}
#: counts of an outcome in the order of telling, with the page that shows what they count
COUNTS: dict[str, tuple[str | Promise, str]] = {
    "new": (gettext_lazy("New orders"), "signoff:order-list"),
    "changed": (gettext_lazy("Changed orders"), "signoff:order-list"),
    "unchanged": (gettext_lazy("Were here already"), "signoff:order-list"),
    "refused": (gettext_lazy("Refused rows"), "signoff:import-refused"),
    "anomalies": (gettext_lazy("Odd orders"), "signoff:anomaly-list"),
}
FIGURES: dict[str, str | Promise] = {
    "rows": gettext_lazy("Rows"),
    "orders": gettext_lazy("Orders"),
    "lines": gettext_lazy("Lines"),
    "units": gettext_lazy("Units"),
    "refused": gettext_lazy("Refused rows"),
    "delivered": gettext_lazy("Delivered"),
    "late": gettext_lazy("Delivered late"),
    "ratings": gettext_lazy("Ratings"),
    "first_last": gettext_lazy("From – to"),
    "paid": gettext_lazy("Paid"),
}


def format_name(key: str) -> str:
    """What people call a format."""
    return FORMATS[key].title if key in FORMATS else _("Own table")


def is_table(key: str) -> bool:
    """Whether files of a format have rows that can be mended one by one; those of the others are JSON."""
    return key not in FORMATS or not FORMATS[key].is_json


def tone_of(state: str) -> str:
    """Which colour family the state of an import is shown in: other models have states of the same names."""
    return TONES.get(state, "neutral")


def written_in(encodings: Iterable[str]) -> str:
    """The encodings of the files, each once."""
    return ", ".join(dict.fromkeys(WRITTEN.get(name, name) for name in encodings))


def counts(found: OrderImport) -> list[dict[str, Any]]:
    """The report's figures, each leading to what it counts."""
    told = [(name, found.outcome[name]) for name in COUNTS if name in found.outcome]
    return [{"label": COUNTS[name][0], "value": value, "url": _address(found, name, value)} for name, value in told]


def _address(found: OrderImport, name: str, value: int) -> str:
    if not value or (name == "refused" and not found.refused):
        return ""
    url_name = COUNTS[name][1]
    return reverse(url_name, args=[found.token] if name == "refused" else [])


def paid(found: OrderImport) -> list[dict[str, Any]]:
    """Money of the new orders by currency."""
    return [{"currency": code, "amount": Decimal(text)} for code, text in found.outcome.get("paid", {}).items()]


def figures(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the format has counted, as far as every format may count it."""
    told = {**report, "first_last": [_day(day) for day in report.get("first_last", []) if day]}
    return [{"label": FIGURES[name], "value": _shown(told[name])} for name in FIGURES if told.get(name)]


def details(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """What only this format counts, by its own names; nothing of what there is none of."""
    others = {name: value for name, value in report.items() if name not in FIGURES}
    return [{"label": label, "value": value} for label, value in _flat(others) if value not in ("", "0")]


def _day(written: str) -> str:
    """A day of a report as people read it; what is none stays as it is."""
    try:
        return date_format(date.fromisoformat(written[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return written


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items())
    return " – ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _flat(report: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, str]]:
    for name, value in report.items():
        label = before + str(name).replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flat(value, f"{label}: ")
        else:
            yield label, _shown(value)
