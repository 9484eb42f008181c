"""The nudge to the workers, under the name that this floor's deeds know it by."""

from signoff.nudge import wake

__all__ = ["wake"]
