"""The product as ``manage.py run`` starts it, on the database of this test run; its mails go to a real SMTP server."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User

from config.management.commands.run import COMMANDS
from config.runtime import postgres
from feedback.models import Notification
from tests.steps.browser_users import People
from tests.steps.mail_replies import Letter, from_server
from tests.steps.sign_in import PASSWORD
from tests.steps.smtp_server import SmtpServer, free_port, smtp_server

PATIENCE = 60  # seconds that a start or a job may take on a busy machine
OF_THE_TESTS = {"HOMEWARD_TEST", "HOMEWARD_FIGURES", "DEMO", "DJANGO_ALLOW_ASYNC_UNSAFE"}


@dataclass(frozen=True)
class Product:
    """Web, worker, scheduler and a broker of files, with the product's own settings."""

    url: str
    smtp: SmtpServer

    def keep_password(self, user: User) -> User:
        """Hash the password as the product does; tests have a quicker way that it does not know."""
        user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-a-test-and-more", iterations=1000)
        user.save()
        return user

    def newest_code(self) -> str:
        """The six digits of the mail that asks who is there."""
        _wait_until(lambda: bool(self.smtp.envelopes))
        [code] = re.findall(rb"^ {4}(\d{6})\r?$", self.smtp.envelopes[-1].content, re.MULTILINE)
        return str(code.decode())

    def wait_for_bell(self) -> None:
        _wait_until(Notification.objects.unread().exists)

    def letter(self, people: People, words: str) -> Letter:
        """The mail to the shopper that says this."""
        _wait_until(lambda: words in from_server(self.smtp, people.order).text)
        return from_server(self.smtp, people.order)


@contextmanager
def run_product(folder: Path, **environment: str) -> Iterator[Product]:
    """Run it until the block ends; its data and logs are in ``folder``."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with smtp_server() as smtp, ExitStack() as stack:
        variables = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS} | {
            "DATABASE_URL": f"postgres://{postgres.APPLICATION}@/{postgres.SOCKET_DIR}/{settings.DATABASES['default']['NAME']}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HOMEWARD_DATA": str(folder / "data"),
            "SECRET_KEY": settings.SECRET_KEY,
            "PORT": str(port),
            "SITE_URL": url,
            "WEB_CONCURRENCY": "1",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
            **environment,
        }
        logs = [folder / f"{name}.log" for name in COMMANDS]
        stack.enter_context(_processes(list(COMMANDS.values()), variables, logs))
        _wait_until(lambda: _answers(url), logs=logs)
        yield Product(url, smtp)


@contextmanager
def _processes(commands: list[list[str]], environment: dict[str, str], logs: list[Path]) -> Iterator[None]:
    """Start them together; each has a session of its own, so that it ends with its children."""
    running = []
    for command, log in zip(commands, logs, strict=True):
        with log.open("w") as words:
            running.append(
                subprocess.Popen(
                    command,
                    cwd=settings.BASE_DIR,
                    env=environment,
                    stdout=words,
                    stderr=words,
                    start_new_session=True,
                )
            )
    try:
        yield
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)  # nothing of it is needed any more
            process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _wait_until(condition: Callable[[], bool], *, logs: list[Path] | None = None) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("\n".join(log.read_text() for log in logs or []) or "It did not happen in time.")
        time.sleep(0.1)
