"""What is wrong with a parcel, in words: for the desk with what to do, for the shopper with what we do."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from signoff.models import Parcel, ParcelException, Trouble
from signoff.tones import TONES
from signoff.wording import NONE

Direction = Parcel.Direction
TONES |= {
    Trouble.LATE: "warn",
    Trouble.SILENT: "warn",
    Trouble.RETURNED: "danger",
    Trouble.DAMAGED: "danger",
    Trouble.LOST: "danger",
}
#: on tabs, where all five stand in a row
SHORT: dict[str, str | Promise] = {
    Trouble.LATE: pgettext_lazy("parcels", "Late"),
    Trouble.SILENT: pgettext_lazy("parcels", "Silent"),
    Trouble.RETURNED: pgettext_lazy("parcels", "Returned"),
    Trouble.DAMAGED: pgettext_lazy("parcels", "Damaged"),
    Trouble.LOST: pgettext_lazy("parcels", "Lost"),
}
TO_DO: dict[str, str | Promise] = {
    Trouble.LATE: _("Promised for %(promised)s, not delivered. Ask the carrier, and tell the shopper when it comes."),
    Trouble.SILENT: _("No news since %(since)s. Ask the carrier where it is."),
    Trouble.RETURNED: _("The carrier sends it back. Ask the shopper where it is to go, or refund it when it is here."),
    Trouble.DAMAGED: _("The carrier reports damage. Ask the shopper for photos when it arrives, or send it again."),
    Trouble.LOST: _("The carrier has lost it. Send it again or refund it, and claim it from the carrier."),
}
OF_A_RETURN: dict[str, str | Promise] = {
    Trouble.LATE: _("The return was promised for %(promised)s and is not here. Ask the carrier."),
    Trouble.RETURNED: _("The carrier takes the return back to the shopper. Ask them to send it again."),
    Trouble.DAMAGED: _("The carrier reports damage to a return. Tell the bench what to look for."),
    Trouble.LOST: _("The carrier has lost a return. Decide its case, and claim it from the carrier."),
}
TO_THE_SHOPPER: dict[str, str | Promise] = {
    Trouble.LATE: _("It was to be with you by %(promised)s. We are sorry and ask the carrier; you need do nothing."),
    Trouble.SILENT: _("The carrier has told us nothing for some days. We are asking where it is; you need do nothing."),
    Trouble.RETURNED: _("The carrier is taking it back to us. We write to you about what happens next."),
    Trouble.DAMAGED: _("The carrier says that it was damaged on the way. Look at it well before you sign for it."),
    Trouble.LOST: _("The carrier says that it is lost. We are sorry, and write to you about what happens next."),
}
ABOUT_THEIR_RETURN: dict[str, str | Promise] = {
    Trouble.LATE: _("It was to be with us by %(promised)s. Keep the receipt of posting; we are asking the carrier."),
    Trouble.SILENT: _("The carrier has told us nothing for some days. Keep the receipt of posting; we are asking."),
    Trouble.RETURNED: _("The carrier is taking it back to you. Check the address on it, and write to us."),
    Trouble.DAMAGED: _("The carrier says that it was damaged on the way. You have done your part; we see to it."),
    Trouble.LOST: _("The carrier says that it is lost. You have done your part; we see to it."),
}


def to_do(trouble: ParcelException) -> str:
    """For the desk: what is wrong and what to do about it; the parcel is at hand."""
    special = OF_A_RETURN if trouble.parcel.direction == Direction.RETURN else {}
    return _said(special.get(trouble.kind, TO_DO[trouble.kind]), trouble, trouble.parcel)


def to_the_shopper(trouble: ParcelException, parcel: Parcel) -> str:
    """For the shopper: what is wrong, what we do, what they need to do."""
    words = ABOUT_THEIR_RETURN if parcel.direction == Direction.RETURN else TO_THE_SHOPPER
    return _said(words[trouble.kind], trouble, parcel)


def _said(words: str | Promise, trouble: ParcelException, parcel: Parcel) -> str:
    since = date_format(timezone.localtime(trouble.since), "DATE_FORMAT")
    promised = date_format(parcel.promised_on, "DATE_FORMAT") if parcel.promised_on else NONE
    return str(words) % {"since": since, "promised": promised}
