"""No secret of a link is in a log line, whichever page, status and logger."""

import logging
from io import StringIO
from logging.config import DictConfigurator
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern
from gunicorn.config import Config

from config.checks import iter_views
from config.runtime import gunicorn as gunicorn_settings
from config.runtime.log_masking import MaskedFormatter, MaskedLogger, mask
from tests.proof.access.urls import addresses

SECRET = "Zq3-kT_9xVb2LmN8pRw5"
UUID = "3f2c8c1e-9d1b-4a57-8e0c-6f0a4b7d2e11"
#: parameters of URLs that are words, numbers or names, not random
PLAIN = {"size", "kind", "name", "number", "provider", "subject", "topic", "seq", "voucher", "app_label", "object_id",
         "content_type_id", "action", "id", "url", "version", "pk", "step", "shop"}  # fmt: skip


def secret_paths() -> dict[str, str]:
    """Every URL pattern outside the admin with a random parameter → a path in which that is the secret."""
    found = {}
    for address in addresses():
        names = set(address.pattern.pattern.regex.groupindex)
        if address.route.startswith("admin/") or not names - PLAIN:
            continue
        found[address.route] = fill(address.route, address.pattern)
    return found


def fill(route: str, pattern: URLPattern) -> str:
    if "(?P<" in route:
        end = f"1-{SECRET}" if "uidb36" in route else SECRET
        return "/" + route.partition("^")[0] + route.partition("^")[2].partition("(?P<")[0] + end + "/"
    parts = [segment_of(part) for part in route.split("/")]
    return "/" + "/".join(parts)


def segment_of(part: str) -> str:
    if not part.startswith("<"):
        return part
    kind, _colon, name = part.strip("<>").partition(":")
    if name in PLAIN:
        return "1" if kind == "int" else "full"
    return UUID if kind == "uuid" else SECRET


def test_there_are_such_pages() -> None:
    assert {"enter/<str:token>/", "sign/<str:link>/", "survey/<str:token>/"} < set(secret_paths())
    assert len(secret_paths()) > 25


@pytest.mark.parametrize("path", secret_paths().values())
def test_no_secret_of_any_page_is_logged(path: str) -> None:
    for text in (
        f"Not Found: {path}",
        f'"GET {path}?a=1 HTTP/1.1" 404',
        f'"GET /accounts/login/?next={quote(path, safe="")} HTTP/1.1"',
        f'"GET /?next={quote(quote(path, safe=""), safe="")} HTTP/1.1"',
        f'"-" "https://shop.example{path}" "Mozilla"',
    ):
        assert SECRET not in mask(text)
        assert UUID not in mask(text)


def test_other_paths_stay_readable() -> None:
    for text in (
        "Not Found: /desk/orders/odd/", "Not Found: /desk/imports/new/", "/accounts/password/reset/key/done/",
        "/desk/cases/RA-2026-000017/inspect/", "/desk/orders/?q=mug", "/static/fonts/inter.woff2",
    ):  # fmt: skip
        assert mask(text) == text


def written(caught: Any) -> str:
    """What Django's log settings write for ``caught``."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        DictConfigurator(settings.LOGGING).configure_formatter(dict(settings.LOGGING["formatters"]["line"]))
    )
    for record in caught.records:
        handler.emit(record)
    return stream.getvalue()


@pytest.mark.django_db
def test_what_django_logs_of_refused_requests_has_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    with caplog.at_level("INFO"):
        client.post(f"/enter/{SECRET}/")
        client.get(f"/sign/{SECRET}/")
        client.get(f"/survey/{SECRET}/")
        client.get(f"/enter/{SECRET}/more/")
    text = written(caplog)
    assert "/enter/…" in text
    assert SECRET not in text
    assert SECRET in caplog.text  # without the formatter it would be


def test_a_traceback_is_masked_too() -> None:
    try:
        raise ValueError(f"/enter/{SECRET}/")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": __import__("sys").exc_info()})
    assert SECRET not in MaskedFormatter("%(message)s").format(record)


def test_gunicorn_masks_its_logs(tmp_path: Any) -> None:
    assert gunicorn_settings.logger_class == f"{MaskedLogger.__module__}.{MaskedLogger.__qualname__}"
    config = Config()
    config.set("accesslog", str(tmp_path / "access.log"))
    config.set("errorlog", str(tmp_path / "error.log"))
    log = MaskedLogger(config)
    log.access_log.info('"GET /enter/%s/ HTTP/1.1" "https://shop.example/sign/%s/"', SECRET, SECRET)
    log.error("Error handling request /enter/%s/", SECRET)
    for name in ("access.log", "error.log"):
        text = (tmp_path / name).read_text()
        assert "/enter/…/" in text
        assert SECRET not in text


def test_the_list_of_views_and_of_addresses_agree() -> None:
    assert len(list(iter_views())) == len(list(addresses()))
