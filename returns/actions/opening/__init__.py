"""Cases that open by themselves: from what was wrong on delivery, and from trouble that a carrier reports."""

from returns.actions.opening.exceptions import open_from_exceptions
from returns.actions.opening.sign_offs import open_from_sign_offs

__all__ = ["open_from_exceptions", "open_from_sign_offs"]
