"""Bank transfer by hand: finance pays at the bank and types the bank's reference."""

from refunds.gateways.outcomes import Instruction, Outcome, Waiting
from refunds.models import Entry


class Manual:
    """Sends nothing; the refund waits in finance's queue until a person confirms it or says why it failed."""

    name = "manual"
    account = Entry.Account.BANK

    def pay(self, instruction: Instruction) -> Outcome:
        return Waiting()
