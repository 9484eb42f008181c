"""Words and figures of the import pages: formats, encodings, results."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from signoff.imports.files.encodings import ENCODING_NAMES
from signoff.imports.formats.registry import FORMATS
from signoff.models import OrderImport
from signoff.web.formatting import money

KIND_NAMES = {"xlsx": "XLSX", "json": "JSON"}
State = OrderImport.State
TONES: dict[str, str] = {
    State.SENT: "warn",
    State.WAITING: "info",
    State.RUNNING: "accent",
    State.DONE: "ok",
    State.FAILED: "danger",
    State.DROPPED: "neutral",
}
#: counts of an import in the order of display, with the page that lists what they count
COUNTS: dict[str, tuple[str | Promise, str]] = {
    "new": (gettext_lazy("New orders"), "signoff:order-list"),
    "changed": (gettext_lazy("Changed orders"), "signoff:order-list"),
    "unchanged": (gettext_lazy("Already imported"), "signoff:order-list"),
    "refused": (gettext_lazy("Rejected rows"), "signoff:import-refused"),
    "anomalies": (gettext_lazy("Order anomalies"), "signoff:anomaly-list"),
}
FIGURES: dict[str, str | Promise] = {
    "rows": gettext_lazy("Rows"),
    "orders": gettext_lazy("Orders"),
    "lines": gettext_lazy("Lines"),
    "units": gettext_lazy("Units"),
    "refused": gettext_lazy("Rejected rows"),
    "skipped": gettext_lazy("Skipped: empty rows, titles, notes"),
    "zero_rows": gettext_lazy("Skipped: lines without units"),
    "past_returns": gettext_lazy("Past returns, not imported"),
    "unreachable": gettext_lazy("Orders nobody can be written to"),
    "delivered": gettext_lazy("Delivered"),
    "late": gettext_lazy("Delivered late"),
    "ratings": gettext_lazy("Ratings"),
    "first_last": gettext_lazy("From – to"),
    "paid": gettext_lazy("Paid"),
}


def format_name(key: str) -> str:
    """The displayed name of a format."""
    return FORMATS[key].title if key in FORMATS else _("Custom table")


def is_table(key: str) -> bool:
    """Whether rejected rows of this format can be corrected in a table; JSON cannot."""
    return key not in FORMATS or not FORMATS[key].is_json


def import_tone(state: str) -> str:
    """Tone of an import's state. Not in the global registry: other models use the same state names."""
    return TONES.get(state, "neutral")


def encoding_names(encodings: Iterable[str]) -> str:
    """Names of the files' encodings, each once."""
    return ", ".join(dict.fromkeys((ENCODING_NAMES | KIND_NAMES).get(name, name) for name in encodings))


def count_links(job: OrderImport) -> list[dict[str, Any]]:
    """Counts of the result, each with the URL of the page that lists what it counts."""
    values = [(name, job.outcome[name]) for name in COUNTS if name in job.outcome]
    return [{"label": COUNTS[name][0], "value": value, "url": _count_url(job, name, value)} for name, value in values]


def _count_url(job: OrderImport, name: str, value: int) -> str:
    if not value or (name == "refused" and not job.refused):
        return ""
    url_name = COUNTS[name][1]
    return reverse(url_name, args=[job.token] if name == "refused" else [])


def paid_amounts(job: OrderImport) -> list[dict[str, Any]]:
    """Amounts paid for the new orders, by currency."""
    return [{"currency": code, "amount": Decimal(text)} for code, text in job.outcome.get("paid", {}).items()]


def common_figures(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Figures of the report that every format may have."""
    values = {
        **report,
        "first_last": [_format_day(day) for day in report.get("first_last", []) if day],
        "paid": ", ".join(money(amount, currency) for currency, amount in report.get("paid", {}).items()),
    }
    return [{"label": FIGURES[name], "value": _format_value(values[name])} for name in FIGURES if values.get(name)]


def format_figures(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """Figures that only this format has, without empty ones and zeros."""
    other_figures = {name: value for name, value in report.items() if name not in FIGURES}
    return [{"label": label, "value": value} for label, value in _flatten(other_figures) if value not in ("", "0")]


def _format_day(written: str) -> str:
    """An ISO date in the short local format; any other text unchanged."""
    try:
        return date_format(date.fromisoformat(written[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return written


def _format_value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_format_value(part)}" for name, part in value.items())
    return " – ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _flatten(report: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in report.items():
        label = prefix + str(name).replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{label}: ")
        else:
            yield label, _format_value(value)
