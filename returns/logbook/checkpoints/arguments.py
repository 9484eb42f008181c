"""Arguments and summary of checkpoints, for the commands that verify a logbook or ledger."""

from argparse import ArgumentParser
from pathlib import Path

from returns.logbook.checkpoints.pins import Pins


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


def summary(pins: Pins) -> str:
    """One sentence about the newest checkpoint, and one about obsolete ones."""
    newest, old = pins.newest, pins.old
    text = "There is no checkpoint yet; manage.py checkpoint writes one."
    if newest:
        text = f"The newest checkpoint is number {newest.number} of {newest.at[:19]} UTC."
    if old:
        those = f"Checkpoint {old[0]} was" if len(old) == 1 else f"Checkpoints {old[0]} to {old[-1]} were"
        text += f" {those} written before the chains were made anew and say nothing any more; put the files away."
    return text
