"""Ways by which a person pays: finance does it at the bank, the provider or the marketplace and records it."""

from collections.abc import Sequence

from refunds.models import Entry, Refund
from refunds.payouts.gateways.base import Instruction, Listed, Outcome, Waiting


class Manual:
    """Sends no money; the refund waits in finance's queue until a person confirms it or marks it as failed."""

    def __init__(self, name: str, account: str) -> None:
        self.name, self.account = name, account

    def send(self, refund: Instruction, key: str) -> Outcome:
        return Waiting()

    def look_up(self, refund: Instruction) -> Sequence[Listed]:
        return ()


BY_HAND = (
    Manual(Refund.Gateway.MANUAL, Entry.Account.BANK),
    Manual(Refund.Gateway.PROVIDER, Entry.Account.PROVIDER),
    Manual(Refund.Gateway.PLATFORM, Entry.Account.PLATFORM),
)
