"""Which colour family a state is shown in. The word beside it says the same: colour never speaks alone."""

TONES = {
    # A case.
    "submitted": "accent",
    "waiting_on_shopper": "warn",
    "in_appraisal": "info",
    "offered": "warn",
    "awaiting_approval": "warn",
    "authorised": "accent",
    "in_transit": "info",
    "received": "info",
    "inspected": "info",
    "settling": "accent",
    "resolved": "ok",
    "rejected": "danger",
    "withdrawn": "neutral",
    "expired": "neutral",
    "closed": "neutral",
    # A payment back.
    "due": "warn",
    "sending": "info",
    "paid": "ok",
    "failed": "danger",
    "unknown": "warn",
    # A message to the shopper; "sending" and "failed" as above.
    "queued": "neutral",
    "sent": "ok",
    # Flash messages, as Django names them.
    "debug": "neutral",
    "info": "info",
    "success": "ok",
    "warning": "warn",
    "error": "danger",
}

ICONS = {"ok": "circle-check", "info": "info", "warn": "triangle-alert", "danger": "octagon-alert"}


def tone(status: str) -> str:
    """Tone of a state; what is not listed is neutral."""
    return TONES.get(str(status), "neutral")


def tone_icon(name: str) -> str:
    """Icon of a tone, for messages."""
    return ICONS.get(name, "info")
