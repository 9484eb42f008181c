"""Sign-off: who took a parcel over, when, how, and with what remarks. Never changed; a new one corrects."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from signoff.models.orders import Order
from signoff.models.parcels import Parcel


class SignOff(models.Model):
    """One receipt signed for. ``corrects`` names the sign-off that this one replaces."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        WITH_REMARKS = "with_remarks", _("accepted with remarks")
        PARTLY = "partly", _("partly accepted")
        REFUSED = "refused", _("refused at the door")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("on this page")
        PHONE = "phone", _("by telephone")
        EMAIL = "email", _("by e-mail")
        COUNTER = "counter", _("at the counter")
        CARRIER = "carrier", _("carrier's proof of delivery")
        TIMER = "timer", _("by expiry of time")

    order = models.ForeignKey(Order, models.PROTECT, related_name="sign_offs", verbose_name=_("order"))
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="sign_offs", verbose_name=_("parcel")
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    signed_at = models.DateTimeField(_("signed"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        triggers = [
            pgtrigger.Protect(name="signoff_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.signed_at:%Y-%m-%d}"
