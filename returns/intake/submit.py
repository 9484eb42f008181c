"""Submitting a request: from a complete draft to a case."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from returns.intake.actions import Wish, open_case
from returns.intake.queries import lock_draft, order_lines, pictures_of, reasons_of
from returns.logbook.writer import Actor
from returns.models import Case, Draft, Evidence, Reason
from returns.models.reasons import EXCHANGE_FIELDS
from signoff.db.history import update_all_columns


class Incomplete(Exception):
    """A line of the draft has no reason, no wish or too few photos."""


@transaction.atomic
def submit(
    draft: Draft,
    *,
    by: Actor,
    language: str,
    channel: str = Case.Channel.PORTAL,
    promised: datetime | None = None,
    now: datetime | None = None,
) -> Case:
    """Make the draft a case; a second submit of the same draft returns the same case.

    ``promised`` is the date of the decision that the shopper was shown.

    Raises ``ExceedsOrdered`` when another case has taken the units and ``Incomplete`` (``is_complete``).
    """
    locked = lock_draft(draft)
    if locked.case is not None:
        return locked.case
    locked.order, pictures = draft.order, pictures_of(locked)
    wishes = _wishes(locked, pictures)
    locked.case = case = open_case(
        locked.order,
        wishes,
        by=by,
        channel=channel,
        language=language,
        pictures=pictures,
        promised=promised,
        now=now,
    )
    update_all_columns(locked)
    return case


def is_complete(draft: Draft) -> bool:
    """Whether ``submit`` would take it: each line has its reason, its wish and its photos, or words why it has none."""
    return _is_complete(draft, _reasons(draft), pictures_of(draft))


def _is_complete(draft: Draft, reasons: dict[str, Reason], pictures: Iterable[Evidence]) -> bool:
    shown, entries = Counter(picture.order_line_id for picture in pictures), draft.data.get("lines", [])
    return bool(entries) and all(
        entry.get("reason") in reasons and entry.get("wish") and _is_shown(entry, reasons, shown) for entry in entries
    )


def _is_shown(entry: dict[str, Any], reasons: dict[str, Reason], shown: Counter[int | None]) -> bool:
    enough = shown[entry["line"]] >= reasons[entry["reason"]].photos_required
    return enough or bool(entry.get("without_photos") and entry.get("words", "").strip())


def _reasons(draft: Draft) -> dict[str, Reason]:
    return {reason.code: reason for reason in reasons_of(draft.order.shop_id)}


def _wishes(draft: Draft, pictures: Sequence[Evidence]) -> Sequence[Wish]:
    reasons = _reasons(draft)
    if not _is_complete(draft, reasons, pictures):
        raise Incomplete
    entries = draft.data["lines"]
    lines = {line.pk: line for line in order_lines([entry["line"] for entry in entries])}
    return [
        Wish(
            order_line=lines[entry["line"]],
            quantity=entry["quantity"],
            reason=reasons[entry["reason"]],
            remedy=entry["wish"],
            words=entry.get("words", ""),
            **{name: entry.get(name, "").strip() for name in EXCHANGE_FIELDS},
        )
        for entry in entries
    ]
