"""Naughty addresses, headers, cookies and bodies, and whatever else a machine can think of."""

# ruff: noqa: E501 - tables

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.conf import settings as django_settings
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.proof.hostile_text.form_data import all_at_once, faults, found_forms, is_kept, spread
from tests.proof.hostile_text.html_reader import FREE, Page, ran
from tests.proof.hostile_text.shop import Site, octets, open_site, undone
from tests.proof.hostile_text.strings import EVERY, WORST

type Told = Callable[..., None]
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "User-Agent", "Referer", "Origin", "Host", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "If-None-Match", "If-Modified-Since", "Range", "HX-Request", "HX-Target", "HX-Current-URL", "HX-Trigger", "HX-Boosted",
    "HX-Current-URL-URI-AutoEncoded", "Idempotency-Key", "Authorization", "X-CSRFToken", "X-HTTP-Method-Override", "Cookie",
)  # fmt: skip
TYPES = (
    "text/html", "application/json", "multipart/form-data", "multipart/form-data; boundary=\xff", "text/plain; charset=hw-x",
    "application/x-www-form-urlencoded; charset=hw-x", "application/x-www-form-urlencoded; charset=utf-16", "x", "",
)  # fmt: skip
BODIES = (b"", b"\xff\xfe", b"a=%ff%fe&b=%", b"=&&&=", b"--x--", b"{", b"\x00" * 9, b"a=1&" * 999)
ANYTHING = st.text(st.characters(), max_size=200)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with open_site(django_db_blocker) as opened:
        yield opened


def routes(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str]]:
    """Every address with a part to fill in, as what comes before that part and what comes after."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern) and "<" in route and "?P<" not in route:
            yield route.partition("<")[0], route.rpartition(">")[2]


def test_every_part_of_an_address(site: Site, size: Callable[[int, int], int], figure: Told) -> None:
    wrong, places = [], sorted(set(routes(get_resolver())))
    chosen = spread([(place, text) for text in EVERY for place in places if len(text) < 5000], size(60, 1500))
    for (before, after), text in chosen:
        path = before + quote_from_bytes(octets(text), safe="") + after
        for who in ("administrator", "shopper"):
            answer = site.get(who, path)
            wrong += [f"{path[:90]}: {fault}" for fault in faults(answer, answer)]
    assert wrong == []
    figure("hostile text", "addresses with a hostile part", len(chosen) * 2, "", f"≥ {size(120, 3000)}")


def test_every_header_and_cookie(site: Site, size: Callable[[int, int], int], figure: Told) -> None:
    wrong = []
    cookies = [
        getattr(django_settings, name) for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
    ]
    names = [*HEADERS, *(f"Cookie {name}" for name in (*cookies, "messages", "theme", "homeward-browser"))]
    chosen = spread([(name, text) for text in WORST for name in names], size(40, 450))
    for name, text in chosen:
        value = octets(text)[:8000].decode("latin-1")
        header, _, cookie = name.partition(" ")
        sent = {header: f"{cookie}={value}" if cookie else value}
        for who, path in (("nobody", "/"), ("agent", "/desk/cases/")):
            with undone():
                answer = site.client("nobody" if cookie else who).get(path, headers=sent)
            wrong += [f"{name}: {text[:30]!r}: {fault}" for fault in faults(answer, answer)]
            wrong += [
                f"{name}: {text[:30]!r} came back as a header" for told in answer.headers.values() if "hw-x" in told
            ]
    assert wrong == []
    figure("hostile text", "requests with a hostile header or cookie", len(chosen) * 2, "", f"≥ {size(80, 900)}")


@pytest.mark.parametrize("path", ["/", "/code/", "/i18n/setlang/", "/theme/", "/accounts/login/"])
def test_bodies_that_are_no_form(site: Site, path: str) -> None:
    for kind in TYPES:
        for body in BODIES:
            with undone():
                answer = site.client("agent").generic("POST", path, body, content_type=kind)
            assert faults(answer, answer) == [], (kind, body[:20])


def test_anything_that_a_machine_thinks_of(site: Site, size: Callable[[int, int], int], figure: Told) -> None:
    forms = [
        (visit, path, form)
        for visit, path, form in found_forms(site).values()
        if form.method == "post" and any(one.kind in FREE for one in form.fields)
    ]
    tried = 0

    @settings(max_examples=size(25, 250), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(range(len(forms))), ANYTHING)
    def typed(at: int, text: str) -> None:
        nonlocal tried
        tried += 1
        visit, path, form = forms[at]
        sent, files = all_at_once(form, text)
        answer, page = site.submit(visit.who, path, form, sent, files)
        assert faults(answer, page) == []
        results = visit.name in ("signoff:code", "returns:hand-over")  # their answer is a page of what became of it
        assert answer.status_code == 302 or results or is_kept(form, sent, page)

    typed()
    figure("hostile text", "texts drawn by Hypothesis and sent", tried, "", f"≥ {size(20, 200)}")


def test_the_judge_knows_what_it_looks_for() -> None:
    assert Page("<p>&lt;hw-x&gt; {{191*7}}</p>").foreign == []
    assert Page('<script type="application/json">{"a": "&lt;hw-x&gt;"}</script>').foreign == []  # data, nothing runs
    for planted in (
        "<hw-x>",
        "<p hw-x>",
        "<p onclick=x>",
        "<script>alert(1)</script>",
        '<script type="application/json">{}</script><script>alert(1)</script>',
        '<script type="application/json">"</script><hw-x>"</script>',
        "<a href='javascript:x'>",
        "<base href=x>",
    ):
        assert Page(f"<main>{planted}</main>").foreign != []
    assert ran(Page("<p>hw1337</p>")) == ["hw1337"]
