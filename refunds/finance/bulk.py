"""Confirm many bank transfers, from a pasted list or the bank's file."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import TransitionNotAllowed

from refunds.finance.queries import AT_THE_BANK
from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Refund
from refunds.payouts.manual import ReferenceTaken, confirm_paid
from refunds.payouts.transitions import PAY
from returns.models.queues import case_number
from signoff.bulk.forms import cells_of
from signoff.bulk.registry import BulkAction, Candidate
from signoff.web.formatting import money


def read(user: User, text: str) -> list[Candidate]:
    """A row for each line "case, bank reference, amount"; the amount may be left out if one transfer is waiting."""
    lines = list(cells_of(text))
    if lines and not case_number(lines[0][0]) and any(case_number(line[0]) for line in lines[1:]):
        lines = lines[1:]  # titles
    numbers = {case_number(line[0]) for line in lines}
    waiting: dict[str, list[Refund]] = {}
    rows = Refund.objects.filter(AT_THE_BANK, case__number__in=numbers).select_related("case").order_by("pk")
    for refund in rows:
        waiting.setdefault(refund.case.number, []).append(refund)
    references: set[str] = set()
    return [_candidate(line, waiting, references) for line in lines]


def _candidate(line: Sequence[str], waiting: dict[str, list[Refund]], references: set[str]) -> Candidate:
    number, (reference, written) = case_number(line[0]), (*line[1:3], "", "")[:2]
    label = ", ".join(cell for cell in line if cell) or "–"
    amount = amount_of(written)
    refunds = waiting.get(number, [])
    matching = [refund for refund in refunds if amount in (None, refund.amount)]
    why_not = ""
    if not number:
        why_not = _("No case number at the beginning of the line. Write: case number, bank reference, amount.")
    elif not reference:
        why_not = _("The bank's reference is missing. Write: case number, bank reference, amount.")
    elif len(reference) > 120:
        why_not = _("The bank's reference is too long. Check the line.")
    elif reference in references:
        why_not = _("This reference is in the list twice. The first line counts.")
    elif not refunds:
        why_not = _("No bank transfer waits for this case. Check the number.")
    elif written and amount is None:
        why_not = _("“%(amount)s” is not an amount. Write it like 12.50.") % {"amount": written[:40]}
    elif not matching:
        sums = ", ".join(money(refund.amount, refund.currency) for refund in refunds)
        why_not = _("The amount differs: %(sums)s waits for this case. Look into it before you confirm.") % {
            "sums": sums
        }
    elif len(matching) > 1:
        why_not = _("Several transfers wait for this case. Add the amount, or confirm them on their pages.")
    if why_not:
        return Candidate(label[:120], label, why_not=why_not)
    refund = matching[0]
    references.add(reference)
    refunds.remove(refund)
    return Candidate(
        refund.token,
        f"{number} · {reference}",
        url=reverse("refunds:refund", args=[refund.token]),
        amount=refund.amount,
        currency=refund.currency,
        values={"reference": reference},
    )


def amount_of(text: str) -> Decimal | None:
    """The amount of a cell, with either decimal mark and perhaps a currency; None if there is none."""
    digits = "".join(character for character in text if character.isdigit() or character in ".,-")
    if not any(character.isdigit() for character in digits):
        return None
    mark = max(digits.rfind("."), digits.rfind(","))
    if mark >= 0 and len(digits) - mark - 1 == 3:  # 1,234: thousands
        mark = -1
    whole, cents = (digits[:mark], digits[mark + 1 :]) if mark >= 0 else (digits, "")
    try:
        return abs(Decimal(f"{whole.replace('.', '').replace(',', '')}.{cents or 0}"))
    except InvalidOperation:
        return None


def _confirm(ref: str, *, by: User, seen: int | None, reference: str) -> str:
    confirm_paid(Refund.objects.get(token=ref), by=by, reference=reference)
    return _("Paid and booked.")


CONFIRM_PAID = BulkAction(
    name="paid",
    desk_list="refunds",
    label=gettext_lazy("Confirm from a bank list"),
    icon="clipboard-check",
    permission=PAY,
    look_up=lambda user, refs: [],
    act=_confirm,
    follows=lambda n: (
        ngettext(
            "%(n)d transfer is confirmed and booked, and the shopper is notified.",
            "%(n)d transfers are confirmed and booked, and the shoppers are notified.",
            n,
        )
        % {"n": n}
    ),
    refusals=(ReferenceTaken, ExceedsRefundable),
    moved=(TransitionNotAllowed,),
    read=read,
    read_help=gettext_lazy("One line per transfer: case number, bank reference and, if you like, the amount."),
)
