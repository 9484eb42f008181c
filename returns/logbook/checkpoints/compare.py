"""Compares the logbook with its signed checkpoints: finds entries cut off or rewritten, and deleted cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from returns.logbook.checkpoints.pins import Pin, Pins
from returns.logbook.checkpoints.write import covers, is_current
from returns.models import Case, LogEntry
from signoff.models import SignOff


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written: in which case, at which entry (None: the case itself), which part."""

    case: str
    seq: int | None
    part: str

    def __str__(self) -> str:
        return f"{self.case} #{self.seq}: {self.part}" if self.seq is not None else f"{self.case}: {self.part}"


class Signed:
    """The checkpoints of cases; call it for each case in the order of primary keys."""

    def __init__(self, pins: Pins, *, entries: int) -> None:
        self._pins, self._entries = pins, entries
        newest = pins.newest
        self._limit = newest if newest and pins.complete and is_current(newest) else None

    def of_files(self) -> Iterator[Fault]:
        """What is wrong with the checkpoints themselves, and with the number of entries."""
        for fault in self._pins.faults:
            yield Fault(_("checkpoint %(number)d") % {"number": fault.number}, None, fault.part)
        newest = self._pins.newest
        if newest and self._entries < newest.entries:
            part = _("it counted %(then)d entries, now there are %(now)d")
            facts = {"then": newest.entries, "now": self._entries}
            yield Fault(_("checkpoint %(number)d") % {"number": newest.number}, None, part % facts)

    def of_case(self, case: Case, chain: Sequence[LogEntry]) -> Iterator[Fault]:
        """What differs from the checkpoints in this case, and in cases before it that are gone."""
        yield from self.of_missing(case.pk)
        pins = self._pins.of(case.pk)
        hashes = {entry.seq: entry.hash for entry in chain} if pins else {}
        yield from _first(case.number, [pin for pin in pins if hashes.get(pin.seq) != pin.hash], hashes)
        pinned = max((pin.seq for pin in pins), default=0)
        limit = self._limit
        for entry in chain if limit else ():
            if limit and entry.seq > pinned and covers(limit, entry):
                part = _("it is dated before checkpoint %(number)d, which does not contain it")
                yield Fault(case.number, entry.seq, part % {"number": limit.number})
                return

    def of_missing(self, before: int | None) -> Iterator[Fault]:
        """Cases below the key ``before`` (None: all that are left) that are only in the checkpoints."""
        last = None
        for pin in self._pins.before(before):
            if pin.case != last:
                yield Fault(
                    pin.number, None, _("checkpoint %(number)d contains this case, but it is missing now") % _of(pin)
                )
            last = pin.case


class SignedSignOffs:
    """The checkpoints of sign-offs; call it for each in the order of primary keys."""

    def __init__(self, pins: Pins) -> None:
        self._pins = pins
        newest = pins.newest
        self._limit = newest if newest and pins.complete and is_current(newest) else None

    def of_files(self) -> Iterator[Fault]:
        """What is wrong with the checkpoints themselves."""
        for fault in self._pins.faults:
            yield Fault(_("checkpoint %(number)d of sign-offs") % {"number": fault.number}, None, fault.part)

    def of_sign_off(self, sign_off: SignOff) -> Iterator[str]:
        """What differs from the checkpoints in this sign-off."""
        pins = self._pins.of(sign_off.pk)
        for pin in [pin for pin in pins if pin.hash != sign_off.hash][:1]:
            yield _("checkpoint %(number)d saw another sign-off here") % _of(pin)
        if self._limit and not pins and covers(self._limit, sign_off):
            part = _("it is dated before checkpoint %(number)d, which does not contain it")
            yield part % {"number": self._limit.number}

    def of_missing(self, before: int | None) -> Iterator[Fault]:
        """Sign-offs below the key ``before`` (None: all that are left) that are only in the checkpoints."""
        for pin in self._pins.before(before):
            part = _("checkpoint %(number)d knows this sign-off, but it is missing") % _of(pin)
            yield Fault(of_order(pin.number), pin.seq, part)


def of_order(number: str) -> str:
    """How a fault names a sign-off: by its order."""
    return _("sign-off of order %(number)s") % {"number": number}


def _first(number: str, differing: Sequence[Pin], hashes: dict[int, str]) -> Iterator[Fault]:
    """The first place where a chain and the checkpoints part; what follows is only its consequence."""
    for pin in differing[:1]:
        if pin.seq in hashes:
            yield Fault(number, pin.seq, _("checkpoint %(number)d has a different entry here") % _of(pin))
        else:
            yield Fault(
                number, pin.seq, _("checkpoint %(number)d contains this entry, but it is missing now") % _of(pin)
            )


def _of(pin: Pin) -> dict[str, int]:
    return {"number": pin.at}
