"""Which colour family a state is shown in. The word beside it says the same: colour never speaks alone.

Each app registers the states of its own models in its ``extensions.py``.
"""

_TONES: dict[str, str] = {}

ICONS = {"ok": "circle-check", "info": "info", "warn": "triangle-alert", "danger": "octagon-alert"}


def register_tone(status: str, tone: str) -> None:
    """Show ``status`` in ``tone``, wherever it stands. Two models may share a state; then it looks the same."""
    if _TONES.setdefault(str(status), tone) != tone:
        raise ValueError(f"The state {str(status)!r} has the tone {_TONES[str(status)]!r} already.")


def registered_tones() -> dict[str, str]:
    """State → tone."""
    return dict(_TONES)


def tone(status: str) -> str:
    """Tone of a state; what is not registered is neutral."""
    return _TONES.get(str(status), "neutral")


def tone_icon(name: str) -> str:
    """Icon of a tone, for messages."""
    return ICONS.get(name, "info")
