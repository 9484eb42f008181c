"""HTTP clients over real sockets, each with cookies and a language, that send at the same instant."""

import http.client
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http import HTTPStatus
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from signoff.lookup.session import ENTRY_LIFETIME, KEY
from signoff.models import Order
from tests.factories import UserFactory
from tests.proof.server import Server

CROWD = 50
LANGUAGES = ("en", "zh-hans", "zh-hant")
TOKEN = "t" * 32  # of the cookie and of every form: what guards against other sites is not the subject here
PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    """What came back to one press of a button, and what had been typed."""

    path: str
    status: int
    location: str
    text: str
    language: str = "en"
    typed: str = ""
    cookies: str = ""

    @property
    def words(self) -> str:
        """What can be read on the page."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", self.text)))

    def form(self, action: str = "") -> dict[str, str]:
        """The fields of a form as they are drawn: the first that says which version it is of, or that to ``action``."""
        return fields_of(self.text, action)

    @property
    def won(self) -> bool:
        """The deed was done: the browser is led on."""
        return self.status == HTTPStatus.FOUND


@dataclass
class Person:
    """A browser with a session of its own. ``user`` is empty for shoppers."""

    server: Server
    session: str
    language: str = "en"
    user: User | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, Any], *, typed: str = "", files: bool = False) -> Answer:
        """Send a form; ``typed`` are the words that must not get lost."""
        whole = {"csrfmiddlewaretoken": TOKEN, **fields}
        if files:
            return self._ask("POST", path, encode_multipart(BOUNDARY, whole), MULTIPART_CONTENT, typed)
        return self._ask("POST", path, urlencode(whole).encode(), "application/x-www-form-urlencoded", typed)

    def form(self, path: str, *, action: str = "") -> dict[str, str]:
        """The fields of a form of the page as they are drawn: the first one, or the one that goes to ``action``."""
        page = self.get(path)
        assert page.status == 200, (path, page.status, page.location)
        return page.form(action)

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "", typed: str = "") -> Answer:
        connection = http.client.HTTPConnection(self.server.host, timeout=PATIENCE)
        cookies = f"sessionid={self.session}; csrftoken={TOKEN}; django_language={self.language}"
        headers = {"Cookie": cookies, "Connection": "close", **self.headers} | ({"Content-Type": kind} if kind else {})
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        cookies = "; ".join(response.headers.get_all("Set-Cookie", []))
        return Answer(path, response.status, response.headers.get("Location", ""), text, self.language, typed, cookies)


def all_rounders(count: int = CROWD) -> list[User]:
    """Members of staff who may do everything but administer, so that only the race decides who does it."""
    users = UserFactory.create_batch(count)
    for group in Group.objects.exclude(name="administrator"):
        group.user_set.add(*users)
    return users


def staff(server: Server, users: Sequence[User], **headers: str) -> list[Person]:
    """Signed-in browsers of members of staff, in the product's languages by turns."""
    people = []
    for number, user in enumerate(users):
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        people.append(Person(server, session, LANGUAGES[number % 3], user, headers))
    return people


def shoppers(server: Server, orders: Sequence[Order], count: int, **headers: str) -> list[Person]:
    """Browsers that have entered ``orders``."""
    people = []
    for number in range(count):
        session = SessionStore()
        session.create()
        people.append(Person(server, str(session.session_key), LANGUAGES[number % 3], None, headers))
    let_in(people, *orders)
    return people


def let_in(people: Sequence[Person], *orders: Order) -> None:
    """Let these browsers see ``orders``, and no others."""
    until = (timezone.now() + ENTRY_LIFETIME).isoformat()
    data = SessionStore().encode({KEY: {str(order.pk): until for order in orders}})
    Session.objects.filter(pk__in=[person.session for person in people]).update(session_data=data)


def at_once(presses: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """All answers; everybody waits until the last one has raised a finger."""
    start = Barrier(len(presses))

    def press(button: Callable[[], Answer]) -> Answer:
        start.wait()
        return button()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def fields_of(page: str, action: str = "") -> dict[str, str]:
    """Name and value of every field of a form as it is drawn, but for its buttons and files."""
    reader = _Forms()
    reader.feed(page)
    for where, fields in reader.forms:
        if "csrfmiddlewaretoken" in fields and (where.endswith(action) if action else "seen" in fields):
            return fields | {"csrfmiddlewaretoken": TOKEN}
    raise AssertionError(f"no form for {action!r} on the page")


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        name = found.get("name", "")
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input" and name:
            self._input(name, found)
        elif tag == "textarea" and name:
            self._keep(name, "")
            self._area = name
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in found or self._select not in self._fields):
            self._keep(self._select, found.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._keep(self._area, self._fields[self._area] + data)

    def _input(self, name: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in found:
            return
        if kind not in ("file", "submit", "button"):
            self._keep(name, found.get("value", "on" if kind == "checkbox" else ""))

    @property
    def _fields(self) -> dict[str, str]:
        return self.forms[-1][1] if self.forms else {}

    def _keep(self, name: str, value: str) -> None:
        self._fields[name] = value
