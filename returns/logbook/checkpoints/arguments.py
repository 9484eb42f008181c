"""What the commands that verify a book are told about its checkpoints, and what they tell of them."""

from argparse import ArgumentParser
from pathlib import Path

from returns.logbook.checkpoints.files import Seal


def add_arguments(parser: ArgumentParser) -> None:
    """``--checkpoints`` and ``--since``."""
    parser.add_argument(
        "--checkpoints",
        type=Path,
        metavar="FOLDER",
        help="the copy of the checkpoints to compare with (CHECKPOINT_DIR)",
    )
    parser.add_argument(
        "--since", type=int, default=1, metavar="N", help="leave out checkpoints before number N, known to be gone"
    )


def told(newest: Seal | None) -> str:
    """One sentence on the newest checkpoint."""
    if newest is None:
        return "There is no checkpoint yet; manage.py checkpoint writes one."
    return f"The newest checkpoint is number {newest.number} of {newest.at[:19]} UTC."
