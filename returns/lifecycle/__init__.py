"""The life of a case as a picture, drawn from the code's own transitions."""

from returns.lifecycle.law import Step, steps
from returns.lifecycle.picture import Picture, draw

__all__ = ["Picture", "Step", "draw", "steps"]
