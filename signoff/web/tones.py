"""Which colour family a state is shown in. The word beside it says the same: colour never speaks alone.

Each floor enters the states of its own models, in its ``tones`` module, imported when its app is ready.
"""

TONES: dict[str, str] = {
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
