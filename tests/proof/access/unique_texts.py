"""Gives everything of one shopper a text that occurs nowhere else, so that a single leaked byte shows."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from feedback.models import Survey
from inspection.models import Photo
from refunds.models import Refund
from returns.models import Case, Draft, Evidence, Line, Statement
from signoff.models import Customer, Order, OrderLine, Parcel

#: texts that are planted
PLANTED: tuple[tuple[type, str], ...] = (
    (Customer, "name"),
    (Customer, "phone"),
    (Customer, "address"),
    (Order, "number"),
    (OrderLine, "title"),
    (OrderLine, "sku"),
    (Line, "words"),
    (Statement, "words"),
    (Parcel, "tracking_number"),
)
#: names that the product has given itself, and that nobody can guess
GIVEN: tuple[tuple[type, str], ...] = (
    (Order, "token"), (Draft, "token"), (Evidence, "token"), (Photo, "token"), (Survey, "token"), (Refund, "token"),
    (Case, "number"),
)  # fmt: skip


@dataclass(frozen=True)
class Markers:
    """``texts`` of one shopper, and the contents of their ``files``."""

    texts: frozenset[str]
    files: tuple[bytes, ...]

    def seen_in(self, response: HttpResponse, *, sent: Iterable[str] = ()) -> set[str]:
        """What of it an answer shows that the question did not hold itself."""
        body = readable(response)
        shown = body.decode(errors="replace") + "\n".join(f"{name}: {value}" for name, value in response.items())
        shown += response.cookies.output()
        asked = "\n".join(map(str, sent))
        found = {text for text in self.texts if text in shown and text not in asked}
        return found | {"a picture" for content in self.files if content in body}


def mark(owned: dict[type, QuerySet]) -> Markers:
    """Plant the texts in the rows of ``owned``, by model; returns all that must not be seen by others."""
    texts = set()
    for model, field in PLANTED:
        for row in owned[model]:
            text = f"Marker-{model.__name__}-{field}-{row.pk}-mrkr"[: model._meta.get_field(field).max_length]
            model.objects.filter(pk=row.pk).update(**{field: text})
            texts.add(text)
    for row in owned[Customer]:
        Customer.objects.filter(pk=row.pk).update(email=f"marker-{row.pk}@mrkr.example")
        texts.add(f"marker-{row.pk}@mrkr")
    for model, field in GIVEN:
        texts |= {str(value) for value in owned[model].values_list(field, flat=True)}
    return Markers(frozenset(texts), tuple({_content(row.file) for row in owned[Evidence]}))


def readable(response: Any) -> bytes:
    """The body; of a PDF its text."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf" and body:
        return subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout
    return body


def _content(file: Any) -> bytes:
    with file.open("rb") as opened:
        return opened.read()
