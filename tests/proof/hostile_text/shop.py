"""The sample shop with a client for each role; each request is rolled back."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote_from_bytes

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from signoff.lookup.session import KEY
from signoff.models import Order
from tests import fresh_database
from tests.factories.sample_shop import SampleShop, build_sample_shop
from tests.proof.hostile_text.html_reader import Form, Page

BOUNDARY = "hw-boundary"
type Sent = list[tuple[str, str]]
type Files = list[tuple[str, str, bytes]]


@dataclass
class Site:
    world: SampleShop
    sessions: dict[str, str] = field(default_factory=dict)
    read: dict[tuple[str, str], Page] = field(default_factory=dict)

    def page(self, who: str, path: str) -> Page:
        """What is on a page; read once, for nothing that is done here lasts."""
        if (who, path) not in self.read:
            self.read[who, path] = Page(self.get(who, path).text)
        return self.read[who, path]

    def client(self, who: str) -> Client:
        """A browser of somebody who is in already."""
        client = Client(raise_request_exception=False)
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def _session(self, who: str) -> str:
        if who == "shopper":
            return been_everywhere()
        client = Client()
        client.force_login(self.world.staff[who])
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def get(self, who: str, path: str, **extra: Any) -> HttpResponse:
        with undone():
            return self.client(who).get(path, **extra)

    def submit(
        self, who: str, path: str, form: Form, sent: Sent, files: Files = ()
    ) -> tuple[HttpResponse, HttpResponse]:
        """Send a form as a browser would; the answer, and the page it leads to."""
        with undone():
            client = self.client(who)
            if form.method == "get":
                answer = client.get(f"{path.partition('?')[0]}?{encoded(sent)}")
            elif any(one.kind == "file" for one in form.fields):
                answer = client.post(
                    path, multipart(sent, files), content_type=f"multipart/form-data; boundary={BOUNDARY}"
                )
            else:
                answer = client.post(path, encoded(sent), content_type="application/x-www-form-urlencoded")
            return answer, client.get(answer.url) if answer.status_code == 302 else answer


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened."""
    cache.clear()  # limits of the library
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def open_site(blocker: Any) -> Iterator[Site]:
    """Built once for a module; its database is made anew afterwards."""
    with blocker.unblock():
        site = Site(build_sample_shop())
        site.sessions = {who: site._session(who) for who in ("shopper", *site.world.staff)}
        yield site
        shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
        fresh_database.restore()


def octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def arrived(text: str) -> str:
    """What a server that reads UTF-8 makes of it."""
    return octets(text).decode("utf-8", "replace")


def encoded(sent: Sent) -> str:
    return "&".join(f"{quote_from_bytes(octets(name))}={quote_from_bytes(octets(value))}" for name, value in sent)


def multipart(sent: Sent, files: Files) -> bytes:
    """The body; a browser escapes quotes and line ends in names, as here."""
    parts = [(f'name="{escaped(name)}"', octets(value)) for name, value in sent]
    parts += [(f'name="{name}"; filename="{escaped(called)}"', content) for name, called, content in files]
    body = b""
    for head, content in parts:
        body += b"--%b\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (BOUNDARY.encode(), octets(head), content)
    return body + f"--{BOUNDARY}--\r\n".encode()


def escaped(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def been_everywhere() -> str:
    """The session of a shopper who has entered every order."""
    session = SessionStore()
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session[KEY] = {str(pk): until for pk in Order.objects.values_list("pk", flat=True)}
    session.create()
    return str(session.session_key)
