"""The words of this floor's verbs, for the desk and for the shopper. Imported when the app is ready."""

from django.utils.translation import gettext_lazy as _

from returns.logbook.timeline import tell

tell("propose", _("Plan proposed: %(money)s to refund"), "file-check", shopper=_("A plan is made and being checked"))
tell(
    "offer",
    _("Counter-offer made: %(money)s to refund"),
    "handshake",
    shopper=_("Another solution offered"),
    tone="warn",
)
tell("approve", _("Plan approved, %(given)s of %(needed)s"), "circle-check", tone="ok")

tell("verdict_differs", _("The verdict does not fit the plan; a new plan is needed"), "triangle-alert", tone="warn")
tell(
    "plan_exceeds",
    _("The plan gives back more than is left of what was paid; a new plan is needed"),
    "triangle-alert",
    tone="warn",
)
tell("refund_paid", _("%(money)s refunded"), "banknote", shopper=True, tone="ok")
tell("refund_failed", _("Refund of %(money)s failed"), "octagon-alert", tone="danger")
tell("refund_reversed", _("Refund of %(money)s came back"), "undo-2", tone="danger")
tell("refund_retried", _("Refund of %(money)s sent anew"), "rotate-cw")
tell("replacement_sent", _("Replacement sent"), "truck", shopper=True, tone="info")
