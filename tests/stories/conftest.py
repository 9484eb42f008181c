"""What the stories begin with."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.steps.browser_users import People, make_lantern_order, make_staff


@pytest.fixture
def people(new_page: Callable[..., Page], live_server: Any) -> People:
    """A shop with staff and one order, nothing asked for yet."""
    return People(new_page, live_server.url, make_lantern_order(), make_staff())
