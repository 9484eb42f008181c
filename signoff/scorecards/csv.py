"""Scorecards as CSV."""

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from signoff.scorecards.rules import STARS, Card, Share
from signoff.scorecards.text import LABELS, STARRED, share_of
from signoff.web.spreadsheet import safe_cell


def file_rows(cards: Sequence[Card]) -> Iterator[list[str]]:
    """Header and rows of the file. Shares are fractions with a decimal point."""
    titles = [_("Name"), _("Parcels")]
    for label in LABELS.values():
        titles += [str(label), _("%(what)s: of") % {"what": label}, _("%(what)s: at least") % {"what": label}]
        titles += [_("%(what)s: at most") % {"what": label}]
    yield [safe_cell(title) for title in titles]
    for card in cards:
        cells = [safe_cell(card.name), str(card.tally.parcels)]
        for failing in LABELS:
            cells += _cells(share_of(card.tally, failing), _scale(failing))
        yield cells


def _cells(share: Share, scale: Callable[[float], float]) -> list[str]:
    if not share.total:
        return ["", "0", "", ""]
    value, low, high = (f"{scale(part):.4f}" for part in (share.value, share.low, share.high))
    return [value, str(share.total), low, high]


def _scale(failing: str) -> Callable[[float], float]:
    return (lambda part: 1 + part * (STARS - 1)) if failing == STARRED else (lambda part: part)
