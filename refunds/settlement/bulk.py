"""Mark many shipments as sent, from a pasted list."""

from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import TransitionNotAllowed

from refunds.models import Replacement
from refunds.settlement.replacements import send_replacement
from returns.models.queues import case_number
from signoff.bulk.forms import cells_of
from signoff.bulk.registry import BulkAction, Candidate

SEND = "refunds.send_replacement"


def read(user: User, text: str) -> list[Candidate]:
    """A row for each shipment of a line "case, carrier, tracking number"; lines that cannot be used say why."""
    lines = list(cells_of(text))
    if lines and not case_number(lines[0][0]) and any(case_number(line[0]) for line in lines[1:]):
        lines = lines[1:]  # titles
    numbers = {case_number(line[0]) for line in lines}
    owed: dict[str, list[Replacement]] = {}
    for row in Replacement.objects.owed().filter(case__number__in=numbers).select_related("case").order_by("pk"):
        owed.setdefault(row.case.number, []).append(row)
    seen: set[str] = set()
    return [candidate for line in lines for candidate in _of_line(line, owed, seen)]


def _of_line(line: Sequence[str], owed: dict[str, list[Replacement]], seen: set[str]) -> Iterator[Candidate]:
    number = case_number(line[0])
    label = ", ".join(cell for cell in line if cell) or "–"
    carrier, tracking = (cell.strip() for cell in (*line[1:3], "", "")[:2])
    why_not = ""
    if not number:
        why_not = _("No case number at the beginning of the line. Write: case number, carrier, tracking number.")
    elif number in seen:
        why_not = _("This case is in the list twice. The first line counts.")
    elif not owed.get(number):
        why_not = _("Nothing is to be sent for this case. Check the number.")
    elif not (carrier and tracking):
        why_not = _("Carrier or tracking number is missing. Write: case number, carrier, tracking number.")
    elif len(carrier) > 60 or len(tracking) > 80:
        why_not = _("Carrier or tracking number is too long. Check the line.")
    seen.add(number)
    if why_not:
        yield Candidate(label[:120], label, why_not=why_not)
        return
    for row in owed[number]:
        yield Candidate(
            str(row.pk),
            f"{number} · {row}",
            url=row.case.get_absolute_url(),
            values={"carrier": carrier, "tracking_number": tracking},
        )


def _send(ref: str, *, by: User, seen: int | None, carrier: str, tracking_number: str) -> str:
    row = Replacement.objects.select_related("case").get(pk=int(ref))
    send_replacement(row, by=by, carrier=carrier, tracking_number=tracking_number)
    return f"{carrier} {tracking_number}"


MARK_SENT = BulkAction(
    name="sent",
    desk_list="shipments",
    label=gettext_lazy("Mark as sent from a list"),
    icon="clipboard-list",
    permission=SEND,
    look_up=lambda user, refs: [],
    act=_send,
    follows=lambda n: (
        ngettext(
            "%(n)d shipment is marked as sent, and the shopper gets the tracking number.",
            "%(n)d shipments are marked as sent, and the shoppers get the tracking numbers.",
            n,
        )
        % {"n": n}
    ),
    moved=(TransitionNotAllowed,),
    read=read,
    read_help=gettext_lazy("One line per case: case number, carrier, tracking number."),
)
