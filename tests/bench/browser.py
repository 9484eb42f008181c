"""A light HTTP client: one kept connection, cookies, forms filled in as they are on the page."""

import http.client
import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
INPUT = re.compile(r"<input\b[^>]*>")


class WrongAnswer(AssertionError):
    """The server did not answer as the case goes."""


class Browser:
    """Speaks to 127.0.0.1 with the cookies it was given."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def get(self, path: str) -> str:
        """The page at ``path``."""
        return self._ask("GET", path, None, {}, wanted=200)[0].decode()

    def post(self, path: str, fields: dict[str, Any], *, referer: str = "") -> str:
        """Send a form; where it leads to."""
        return self._ask("POST", path, urlencode(fields), FORM, wanted=302)[1]

    def write(self, path: str, told: dict[str, Any]) -> dict[str, Any]:
        """Send JSON; what is answered."""
        body, _location = self._ask("POST", path, json.dumps(told), JSON, wanted=2)
        return json.loads(body)

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str], *, wanted: int
    ) -> tuple[bytes, str]:
        try:
            answer = self._send(method, path, body, self.headers | headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection.close()  # the server has closed a connection that was idle; a browser opens another
            answer = self._send(method, path, body, self.headers | headers)
        told = answer.read()
        if wanted not in (answer.status, answer.status // 100):
            raise WrongAnswer(f"{method} {path}: {answer.status} {told[:2000].decode(errors='replace')}")
        return told, answer.headers.get("Location", "")

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, headers)
        return self.connection.getresponse()


class Drawn(HTMLParser):
    """The fields of a page's forms as they were drawn: name → value; of radio buttons and boxes what is chosen.

    Only the fields are read, so that the figures are about the server and not about a reader of HTML in Python.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed("".join(INPUT.findall(page)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, kind = told.get("name"), told.get("type")
        if tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in told):
            self.fields[name] = told.get("value") or ("on" if kind == "checkbox" else "")
