"""Somebody who works with the keyboard alone, and how many keys that takes."""

from dataclasses import dataclass, field

from playwright.sync_api import Page


@dataclass
class Keys:
    """Counts the keys that give commands, and apart from them the characters of words."""

    page: Page
    pressed: list[str] = field(default_factory=list)
    typed: int = 0

    def press(self, *keys: str) -> None:
        """Press keys that stay on the page."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def go(self, *keys: str) -> None:
        """Press keys of which the last one leads to another page; its keys are heard once it is loaded."""
        *first, last = keys
        self.press(*first)
        with self.page.expect_navigation():
            self.press(last)

    def type(self, words: str) -> None:
        """Write into the field that has the focus."""
        assert self.page.evaluate("document.activeElement.matches('input, textarea')"), self.page.url
        self.page.keyboard.insert_text(words)
        self.typed += len(words)

    def tab_to(self, name: str, *, limit: int = 150) -> None:
        """Press Tab until what has this name has the focus."""
        for _ in range(limit):
            self.press("Tab")
            focused = self.page.locator(":focus")
            if focused.count() and name in (focused.get_attribute("aria-label") or focused.inner_text() or ""):
                return
        raise AssertionError(f"No way to “{name}” by keyboard on {self.page.url}")
