"""The words of this floor's verbs, for the desk and for the shopper. Imported when the app is ready."""

from django.utils.translation import gettext_lazy as _

from returns.logbook.timeline import tell

tell("open", _("Request opened"), "inbox", shopper=_("Request received"), tone="accent")
tell(
    "open.sign_off",
    _("What was wrong on delivery became a case by itself"),
    "signature",
    shopper=_("Case opened from what you told us on delivery"),
    tone="accent",
)
tell(
    "open.carrier",
    _("Trouble with the parcel became a case by itself"),
    "truck",
    shopper=_("Case opened for you because something went wrong with your parcel"),
    tone="accent",
)
tell(
    "sign_off_corrected",
    _("The sign-off was corrected; look at what it says now"),
    "signature",
    shopper=_("What you told us on delivery was corrected"),
    tone="warn",
)
tell(
    "sign_off_told",
    _("Something was wrong on delivery of goods that this case has already"),
    "signature",
    shopper=_("What you told us on delivery was added to this case"),
    tone="warn",
)
tell(
    "parcel_troubled",
    _("Trouble with a parcel whose goods this case has already"),
    "triangle-alert",
    tone="warn",
)
tell("take", _("Case taken"), "hand")
tell("hand_back", _("Case handed back"), "undo-2")

tell("request_information", _("More information asked for"), "message-circle-question-mark", shopper=True, tone="warn")
tell("supply_information", _("Question answered"), "message-circle-reply", shopper=True)
tell("send_to_appraisal", _("Sent to appraisal"), "microscope", shopper=_("An expert looks at your request"))
tell("record_appraisal", _("Appraisal given"), "clipboard-check", shopper=_("The expert has answered"))

tell("propose", _("Plan proposed"), "file-check", shopper=_("A plan is made and being checked"))
tell("offer", _("Counter-offer made"), "handshake", shopper=_("Another solution offered"), tone="warn")
tell("accept_offer", _("Offer accepted"), "thumbs-up", shopper=True, tone="ok")
tell("decline_offer", _("Offer declined"), "thumbs-down", shopper=True)

tell(
    "authorise",
    _("Plan approved, goods come back"),
    "circle-check",
    shopper=_("Approved; please send the goods"),
    tone="ok",
)
tell("settle", _("Settlement begun"), "wallet", shopper=_("Settled: we are putting it right now"), tone="ok")
tell("send_back", _("Plan sent back to review"), "corner-up-left")
tell("send_back_to_bench", _("Plan sent back, goods are here"), "corner-up-left")
tell("reject", _("Request rejected"), "circle-x", shopper=True, tone="danger")

tell("ship", _("Goods sent by the shopper"), "truck", shopper=_("Goods sent"))
tell("receive", _("Goods received"), "package-check", shopper=True, tone="info")
tell("report_lost", _("Return parcel reported lost"), "package-x", shopper=_("Your parcel is lost; we look into it"))
tell("inspect", _("Goods inspected"), "scan-search", shopper=True, tone="info")

tell("resolve", _("Everything put right"), "badge-check", shopper=True, tone="ok")
tell("cancel", _("Request withdrawn"), "ban", shopper=True)
tell("expire", _("Time to act is over"), "timer-off", shopper=True, tone="warn")
tell("reopen", _("Case reopened"), "rotate-ccw", shopper=_("We look at it again"))
tell("appeal", _("Rejection appealed against"), "scale", shopper=True, tone="warn")
tell("close", _("Case closed"), "archive", shopper=True)
