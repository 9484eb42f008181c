"""The words of this floor's verbs, for the desk and for the shopper. Imported when the app is ready."""

from django.utils.translation import gettext_lazy as _

from returns.timeline import tell

tell("propose", _("Plan proposed: %(money)s to refund"), "file-check", shopper=_("A plan is made and being checked"))
tell(
    "offer",
    _("Counter-offer made: %(money)s to refund"),
    "handshake",
    shopper=_("Another solution offered"),
    tone="warn",
)
tell("approve", _("Plan approved, %(given)s of %(needed)s"), "circle-check", tone="ok")
