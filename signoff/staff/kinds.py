"""Kinds of notification that a person can switch off; the apps that send them register theirs."""

from django_stubs_ext import StrOrPromise

_KINDS: dict[str, StrOrPromise] = {}


def register_notification_kind(code: str, label: StrOrPromise) -> None:
    """Offer ``label`` on everybody's profile; ``code`` is what ``StaffProfile.muted`` holds."""
    if code in _KINDS:
        raise ValueError(f"The kind {code!r} is registered already.")
    _KINDS[code] = label


def notification_kinds() -> dict[str, StrOrPromise]:
    """Label of each kind by its code, in the order of registration."""
    return dict(_KINDS)
