"""Registry of colours by state. The text beside a colour says the same, so colour never carries meaning alone.

Each app registers the states of its own models in its ``extensions.py``.
"""

_TONES: dict[str, str] = {}

ICONS = {"ok": "circle-check", "info": "info", "warn": "triangle-alert", "danger": "octagon-alert"}


def register_tone(status: str, tone: str) -> None:
    """Show ``status`` in ``tone`` on all pages. Models that share a state share its tone."""
    if _TONES.setdefault(str(status), tone) != tone:
        raise ValueError(f"The state {str(status)!r} has the tone {_TONES[str(status)]!r} already.")


def registered_tones() -> dict[str, str]:
    """Tones by state."""
    return dict(_TONES)


def tone(status: str) -> str:
    """The tone of a state; "neutral" if it is not registered."""
    return _TONES.get(str(status), "neutral")


def tone_icon(name: str) -> str:
    """The icon of a tone, for messages."""
    return ICONS.get(name, "info")
