"""Bank transfer by hand: finance pays at the bank and types the bank's reference."""

from collections.abc import Sequence

from refunds.models import Entry
from refunds.payouts.gateways.base import Instruction, Listed, Outcome, Waiting


class Manual:
    """Sends no money; the refund waits in finance's queue until a person confirms it or marks it as failed."""

    name = "manual"
    account: str = Entry.Account.BANK

    def send(self, refund: Instruction, key: str) -> Outcome:
        return Waiting()

    def look_up(self, refund: Instruction) -> Sequence[Listed]:
        return ()
