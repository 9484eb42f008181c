"""What a provider's own list says about a refund, whatever its answers said."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from refunds.payouts.gateways.base import Absent, Failed, Listed, ListedState, Outcome, Paid, Pending, Reversed


def verdict(listed: Sequence[Listed], key: str) -> Outcome:
    """What became of a refund: money that is out counts under whichever key, the rest under this one only."""
    for line in sorted(listed, key=lambda line: line.state != ListedState.PAID):
        if line.state == ListedState.PAID:
            return Paid(line.reference)
        if line.state == ListedState.PENDING:
            return Pending(line.reference)
    for line in listed:
        if line.key == key:
            came_back = line.state == ListedState.REVERSED
            return (
                Reversed(line.reference) if came_back else Failed(_("The payment provider couldn't make the payment."))
            )
    return Absent()
