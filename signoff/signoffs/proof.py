"""Tamper evidence of sign-offs: a hash over all that was signed, chained from correction to correction.

The hash covers outcome, counts and photos, and identifies order, parcel and lines by tokens and positions. It covers
neither primary keys nor names and comments: those may have to be erased (personal data).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from signoff.db.digests import link, plain
from signoff.models import Discrepancy, Order, OrderLine, Parcel, SignOff, SignOffLine, SignOffPhoto

AT_ONCE = 500
#: columns of a sign-off that its hash covers as they are
HASHED_COLUMNS = ("seq", "outcome", "channel", "said_by", "signed_at", "recorded_at", "recorded_by_id", "pictures")


@dataclass(frozen=True, order=True)
class SignedLine:
    """A line in the hash: the order line's position, units expected and counted, problems (kind → units)."""

    position: int
    expected: int
    counted: int
    problems: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class SignOffFault:
    """A difference between a stored sign-off and its hash; ``seq`` is 1 for the first, 2 for its correction."""

    order: str
    seq: int
    part: str


def chain(
    sign_off: SignOff, lines: Iterable[SignedLine], photos: Sequence[SignOffPhoto], *, corrects: SignOff | None
) -> None:
    """Set ``seq``, ``pictures`` and ``hash`` of a new sign-off whose other columns are set."""
    sign_off.seq = corrects.seq + 1 if corrects else 1
    sign_off.previous = corrects.hash if corrects else ""
    sign_off.pictures = {str(photo.token): photo.digest() for photo in photos}
    parcel = sign_off.parcel
    sign_off.hash = hash_of(sign_off, lines, order=sign_off.order.token, parcel=parcel.token if parcel else "")


def hash_of(sign_off: SignOff, lines: Iterable[SignedLine], *, order: str, parcel: str) -> str:
    """The expected hash of a sign-off; ``order`` and ``parcel`` are tokens."""
    columns = {name: plain(getattr(sign_off, name)) for name in HASHED_COLUMNS}
    counted = [(line.position, line.expected, line.counted, line.problems) for line in sorted(lines)]
    return link(sign_off.previous, columns | {"order": order, "parcel": parcel, "lines": counted})


class SignOffVerification:
    """Check all sign-offs by primary key, in batches. ``count`` is complete once ``faults`` is exhausted.

    ``extra_check`` is a second check that runs on each sign-off.
    """

    def __init__(self, extra_check: Callable[[SignOff], Iterable[str]]) -> None:
        self.count, self._extra_check = 0, extra_check

    def faults(self) -> Iterator[SignOffFault]:
        """All faults: per sign-off, then rows whose sign-off or line is missing."""
        rows = SignOff.objects.order_by("pk").iterator(AT_ONCE)
        for chunk in batched(rows, AT_ONCE):
            self.count += len(chunk)
            batch = _Batch(chunk)
            for sign_off in chunk:
                order = batch.orders.get(sign_off.order_id)
                number = order.number if order else f"({sign_off.order_id})"
                for fault in (*batch.faults_of(sign_off, order), *self._extra_check(sign_off)):
                    yield SignOffFault(number, sign_off.seq, fault)
        yield from _left_over()


class _Batch:
    """A batch of sign-offs with their rows, read without joins: an inner join would hide rows with broken keys."""

    def __init__(self, sign_offs: Sequence[SignOff]) -> None:
        keys = [sign_off.pk for sign_off in sign_offs]
        self.orders = Order.objects.in_bulk({sign_off.order_id for sign_off in sign_offs})
        self._parcels = Parcel.objects.in_bulk({sign_off.parcel_id for sign_off in sign_offs if sign_off.parcel_id})
        self._corrected = SignOff.objects.in_bulk(
            {sign_off.corrects_id for sign_off in sign_offs if sign_off.corrects_id}
        )
        lines = list(SignOffLine.objects.filter(sign_off__in=keys))
        self._lines = _grouped(lines, "sign_off_id")
        self._articles = OrderLine.objects.in_bulk({line.order_line_id for line in lines})
        self._problems = _grouped(Discrepancy.objects.filter(line__in=[line.pk for line in lines]), "line_id")
        self._photos = _grouped(SignOffPhoto.objects.filter(sign_off__in=keys), "sign_off_id")

    def faults_of(self, sign_off: SignOff, order: Order | None) -> Iterator[str]:
        if order is None:
            yield _("its order is missing")
            return
        parcel = self._parcels.get(sign_off.parcel_id) if sign_off.parcel_id else None
        if parcel is not None and parcel.order_id != order.pk:
            yield _("its parcel is of another order")
        yield from self._place(sign_off)
        signed, complete = self._signed(sign_off)
        token = parcel.token if parcel else ""
        if not complete or sign_off.hash != hash_of(sign_off, signed, order=order.token, parcel=token):
            yield _("it is not what was recorded at the time")
        yield from self._pictures(sign_off)

    def _place(self, sign_off: SignOff) -> Iterator[str]:
        before = self._corrected.get(sign_off.corrects_id) if sign_off.corrects_id else None
        expected = (before.seq + 1, before.hash) if before else (1, "")
        if (sign_off.seq, sign_off.previous) != expected or (sign_off.corrects_id and before is None):
            yield _("it does not follow the sign-off that it corrects")

    def _signed(self, sign_off: SignOff) -> tuple[list[SignedLine], bool]:
        """The stored lines, and whether all of them belong to this order."""
        signed, complete = [], True
        for line in self._lines.get(sign_off.pk, []):
            article = self._articles.get(line.order_line_id)
            if article is None or article.order_id != sign_off.order_id:
                complete = False
                continue
            problems = sorted((problem.kind, problem.quantity) for problem in self._problems.get(line.pk, []))
            signed.append(SignedLine(article.position, line.expected, line.counted, tuple(problems)))
        return signed, complete

    def _pictures(self, sign_off: SignOff) -> Iterator[str]:
        photos: Mapping[str, SignOffPhoto] = {str(photo.token): photo for photo in self._photos.get(sign_off.pk, [])}
        for token in sorted({*photos, *sign_off.pictures}):
            photo, pinned = photos.get(token), sign_off.pictures.get(token)
            if photo is None:
                yield _("its photo %(token)s is missing") % {"token": token}
            elif pinned is None:
                yield _("its photo %(token)s was added afterwards") % {"token": token}
            elif not photo.agrees_with(pinned):
                yield _("its photo %(token)s was changed") % {"token": token}


def _grouped(rows: Iterable[Any], by: str) -> dict[int, list[Any]]:
    rows_by_key: dict[int, list[Any]] = {}
    for row in rows:
        rows_by_key.setdefault(getattr(row, by), []).append(row)
    return rows_by_key


def _left_over() -> Iterator[SignOffFault]:
    """Rows whose sign-off or line was deleted."""
    sign_offs, lines = (
        SignOff.objects.filter(pk=OuterRef("sign_off_id")),
        SignOffLine.objects.filter(pk=OuterRef("line_id")),
    )
    orphans = [
        (SignOffLine.objects.filter(~Exists(sign_offs)), "sign_off_id", _("the sign-off of this line is missing")),
        (
            SignOffPhoto.objects.filter(~Exists(sign_offs), sign_off__isnull=False),
            "sign_off_id",
            _("the sign-off of this photo is missing"),
        ),
        (Discrepancy.objects.filter(~Exists(lines)), "line_id", _("the line of this discrepancy is missing")),
    ]
    for rows, column, part in orphans:
        for row in rows.order_by("pk").iterator(AT_ONCE):
            yield SignOffFault(f"({getattr(row, column)})", 0, part)
