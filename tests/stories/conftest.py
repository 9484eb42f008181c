"""What the stories begin with."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.stories.people import People, hire, sell


@pytest.fixture
def people(new_page: Callable[..., Page]) -> People:
    """A shop with staff and one order, nothing asked for yet."""
    return People(new_page, sell(), hire())
