"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from returns.homes import register_start_page
from returns.permissions import INSPECT


def register() -> None:
    register_start_page("inspection:bench", right=INSPECT, rank=40)
