"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from returns.permissions import INSPECT
from returns.queue.start_page import register_start_page


def register() -> None:
    register_start_page("inspection:bench", right=INSPECT, rank=40)
