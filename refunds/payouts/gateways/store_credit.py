"""Store credit: no money is sent; the ledger has the shopper's balance."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from refunds.models import Entry
from refunds.payouts.gateways.base import Failed, Instruction, Listed, Outcome, Paid


class StoreCredit:
    """Always paid at once: the credit itself is the ledger entry that is booked when the refund is settled."""

    name = "store_credit"
    account: str = Entry.Account.STORE_CREDIT

    def send(self, refund: Instruction, key: str) -> Outcome:
        if refund.customer is None:
            return Failed(_("This order has no customer to give store credit to. Use a bank transfer instead."))
        return Paid(f"SC-{refund.refund}")

    def look_up(self, refund: Instruction) -> Sequence[Listed]:
        return ()
