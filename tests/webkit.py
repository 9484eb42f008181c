"""WebKit for the tests: the engine of shoppers' iPhones, as near as Debian has it, driven by its own WebDriver.

``webkit2gtk-driver`` and ``xvfb`` bring it. Where they are missing, its tests are skipped, and the last line of the run
says so. The few commands of the W3C protocol that they need are here.
"""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.steps.smtp_server import free_port

MISSING = "needs WebKit"
HOW = "apt-get install webkit2gtk-driver xvfb"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 20  # seconds
LABELLED = """
const [words] = arguments;
const text = (element) => element.textContent.trim().replace(/\\s+/g, " ");
return [...document.querySelectorAll("label")].find((label) => text(label).startsWith(words))?.control ?? null;
"""
NAMED = """
const [words] = arguments;
const named = (element) => element.textContent.includes(words) || element.getAttribute("aria-label")?.includes(words);
return [...document.querySelectorAll("button, a, summary, label")]
  .filter((element) => element.getClientRects().length).find(named) ?? null;
"""


def find_webkit() -> tuple[str, Path] | None:
    """The driver's program and the browser that it starts; nothing if one of them or the display is missing."""
    driver = shutil.which("WebKitWebDriver")
    browsers = sorted(Path("/usr/lib").glob("**/webkit2gtk-4.1/MiniBrowser"))
    return (driver, browsers[0]) if driver and browsers and shutil.which("Xvfb") else None


@dataclass
class WebKit:
    """One window. Elements are found by the words that people see; each command waits until they are there."""

    session: str

    def open(self, url: str) -> None:
        _send(f"{self.session}/url", {"url": url})

    def fill(self, label: str, words: str) -> None:
        """Type into the field with this label; into a file field, choose the file of this path."""
        self._send_to(self._find(LABELLED, label), "value", {"text": words})

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list by its words."""
        choose = """
            const [field, words] = arguments;
            field.value = [...field.options].find((option) => option.text === words).value;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        """
        self.run(choose, self._find(LABELLED, label), option)

    def tick(self, label: str) -> None:
        self._click(self._find(LABELLED, label))

    def press(self, name: str) -> None:
        """Click the button or link with these words."""
        self._click(self._find(NAMED, name))

    def expect(self, words: str) -> None:
        """Wait until the page says this."""
        self.wait_for("document.body.innerText.includes(arguments[0])", words)

    def wait_for(self, condition: str, *arguments: object) -> None:
        """Wait until the JavaScript expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(f"return Boolean(document.body && {condition})", *arguments):
            if time.monotonic() > end:
                text = self.run("return `${location.href}\\n${document.body.innerText}`")
                raise AssertionError(f"Not within {PATIENCE} s: {condition} {arguments}\n{text}")
            time.sleep(0.1)

    def run(self, script: str, *arguments: object) -> Any:
        return _send(f"{self.session}/execute/sync", {"script": script, "args": list(arguments)})

    def _find(self, script: str, words: str) -> dict[str, str]:
        end = time.monotonic() + PATIENCE
        while (found := self.run(script, words)) is None:
            if time.monotonic() > end:
                text = self.run("return `${location.href}\\n${document.body.innerText}`")
                raise AssertionError(f"Nothing is called “{words}”:\n{text}")
            time.sleep(0.1)
        return dict(found)

    def _click(self, element: dict[str, str]) -> None:
        """The driver does not wait until the page has been scrolled, where that is done smoothly."""
        self.run('arguments[0].scrollIntoView({ block: "center", behavior: "instant" })', element)
        self._send_to(element, "click", {})

    def _send_to(self, element: dict[str, str], what: str, body: dict[str, Any]) -> None:
        _send(f"{self.session}/element/{element[ELEMENT]}/{what}", body)


@pytest.fixture
def webkit() -> Iterator[WebKit]:
    """A window of WebKit on a display of its own; the test is skipped where there is none."""
    found = find_webkit()
    if found is None:
        pytest.skip(f"{MISSING}, which is not on this machine: {HOW}")
    driver, browser = found
    with ExitStack() as stack:
        display = stack.enter_context(_display())
        port = free_port()
        environment = os.environ | {"DISPLAY": display, "LANG": "C.UTF-8", "LANGUAGE": "en", "GDK_BACKEND": "x11"}
        stack.enter_context(_process([driver, f"--port={port}"], environment))
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        session = f"http://127.0.0.1:{port}/session"
        window = WebKit(f"{session}/{_send(session, wanted, patience=PATIENCE)['sessionId']}")
        stack.callback(_send, window.session, None, method="DELETE")
        yield window


@contextmanager
def _display() -> Iterator[str]:
    """A display without a screen; the server chooses a free number and says it."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        yield f":{server.stdout.readline().strip()}"
        server.terminate()


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield
        process.terminate()


def _send(url: str, body: dict[str, Any] | None, *, method: str = "POST", patience: float = 0) -> Any:
    """Send one command; its value. ``patience``: how long the driver may take to start."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=data, method=method, headers=headers)  # noqa: S310 - our own
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{url}: {error.read().decode()}") from error
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def missing(reasons: list[str]) -> str:
    """One line about tests that were skipped for want of WebKit; empty if there are none."""
    count = sum(MISSING in reason for reason in reasons)
    need = "test needs" if count == 1 else "tests need"
    return f"NOT TRIED IN WEBKIT: {count} {need} it, and it is not on this machine ({HOW})" if count else ""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Say below pytest's own summary that the engine of iPhones was not tried."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    if line := missing([report.longrepr[2] for report in reporter.stats.get("skipped", [])]):
        reporter.write_line(line, red=True, bold=True)
