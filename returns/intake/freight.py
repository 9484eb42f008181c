"""Who pays the way back, and what else the slip of a return should say; upper apps add what they know."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from returns.intake.reasons import travels
from returns.models import Case, Line, Reason

type Row = tuple[str, str]

_SLIP_ROWS: list[Callable[[Case], list[Row]]] = []


def register_slip_rows(rows: Callable[[Case], list[Row]]) -> None:
    """Let an upper app add rows of label and value to the slip; this app cannot import it."""
    _SLIP_ROWS.append(rows)


def slip_rows(case: Case) -> list[Row]:
    """All rows that apps have for the slip of ``case``."""
    return [row for rows in _SLIP_ROWS for row in rows(case)]


def shopper_pays(reasons: Iterable[Reason]) -> bool:
    """Whether the shopper pays the way back: only if every reason says so, for they travel in one parcel."""
    bearers = {reason.freight_bearer for reason in reasons}
    return bearers == {Reason.Liability.SHOPPER}


def travelling(lines: Iterable[Line]) -> list[Reason]:
    """The reasons of the lines whose goods are expected to come back."""
    return [line.reason for line in lines if travels(line.reason, line.wish)]


def freight_words(reasons: Iterable[Reason]) -> str:
    """Who pays the way back, as it follows "Return shipping:"; "" where nothing comes back."""
    reasons = list(reasons)
    if not reasons:
        return ""
    return pgettext("return shipping", "you pay") if shopper_pays(reasons) else pgettext("return shipping", "we pay")


def freight_sentence(reasons: Iterable[Reason]) -> str:
    """The same as a sentence; "" where nothing comes back."""
    reasons = list(reasons)
    if not reasons:
        return ""
    return _("You pay for return shipping.") if shopper_pays(reasons) else _("We pay for return shipping.")
