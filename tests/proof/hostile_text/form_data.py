"""Form data: valid values, and hostile ones."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.http import HttpResponse
from django.urls import resolve

from tests.proof.hostile_text.html_reader import FREE, Field, Form, Page, ran
from tests.proof.hostile_text.pages import pages
from tests.proof.hostile_text.shop import Files, Sent, Site, arrived
from tests.stories.page_urls import Visit

SENSIBLE = {"number": "1", "email": "a@b.example", "tel": "+49405550", "date": "2026-11-22", "password": "x", "url": ""}
SAMPLES = "demo:look"
NOT_SENT = ("submit", "image", "reset", "file")


def found_forms(site: Site) -> dict[tuple[str, ...], tuple[Visit, str, Form]]:
    """Every form of every page once: by the view that takes it, its step and its fields' names without numbers."""
    forms: dict[tuple[str, ...], tuple[Visit, str, Form]] = {}
    for visit in pages():
        path = visit.path(site.world)
        for form in site.page(visit.who, path).forms:
            target = urljoin(path, form.action) if form.action else path
            if form.method == "post" and resolve(urlsplit(target).path).view_name.startswith(SAMPLES):
                continue  # a picture of a form, that nobody can send
            forms.setdefault(_known_by(target, form), (visit, target, form))
    return forms


def _known_by(target: str, form: Form) -> tuple[str, ...]:
    match = resolve(urlsplit(target).path)
    step = str(match.kwargs.get("step", ""))
    return (match.view_name, step, form.method, *sorted({"".join(c for c in n if not c.isdigit()) for n in form.names}))


def sensible(form: Form) -> Sent:
    """The form as somebody would send it who has nothing in mind."""
    sent: Sent = []
    for one in form.fields:
        if one.kind in NOT_SENT or (one.kind == "radio" and any(name == one.name for name, _value in sent)):
            continue
        if one.kind == "checkbox" and not one.checked:
            continue
        sent.append((one.name, _sensible_value(one)))
    buttons = [one for one in form.fields if one.kind == "submit"]
    return sent + [(button.name, button.value) for button in buttons[:1]]


def _sensible_value(one: Field) -> str:
    if one.kind == "select":
        return one.value or next((choice for choice in one.choices if choice), "")
    return one.value or SENSIBLE.get(one.kind, "on" if one.kind == "checkbox" else "words" if one.kind in FREE else "")


REQUEST = 500_000  # characters of a request: each may be nine bytes of the 5 MB that it may have


def all_at_once(form: Form, text: str) -> tuple[Sent, Files]:
    """Every free text, and every file's name, is ``text``, cut to what a request may hold; the rest is sensible."""
    free = {one.name for one in form.fields if one.kind in FREE}
    text = text[: REQUEST // (len(free) or 1)]
    files = [(one.name, text[:200], b"") for one in form.fields if one.kind == "file"]
    return [(name, text if name in free else value) for name, value in sensible(form)], files


def one_by_one(form: Form, texts: tuple[str, ...]) -> Iterator[tuple[str, Sent]]:
    """Each other field in turn holds each text; the rest is sensible, and so is the field's name."""
    others = list(dict.fromkeys(one.name for one in form.fields if one.kind not in (*FREE, "file")))
    for name in others:
        for text in texts:
            rest = [(other, value) for other, value in sensible(form) if other != name]
            yield name, [*rest, (name, text)]


def faults(answer: HttpResponse, page: HttpResponse) -> list[str]:
    """What is wrong with an answer, whatever was asked."""
    wrong = [f"answered {one.status_code}" for one in (answer, page) if one.status_code >= 500]
    if "text/html" in page.headers.get("Content-Type", "") and not page.streaming:
        read = Page(page.text)
        wrong += read.foreign + ran(read)
    return wrong


def is_kept(form: Form, sent: Sent, page: HttpResponse) -> bool:
    """Whether the form that came back, or the page in its place, still holds every free text."""
    free = {one.name for one in form.fields if one.kind in FREE}
    read = Page(page.text)
    shown = [one for back in read.forms for one in back.fields]
    return all(
        any(one.name == name and _same(one.value, text) for one in shown)
        or _same(text, "")
        or _plain(text) in _plain(read.words)
        for name, text in sent
        if name in free
    )


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    """White space at the ends and the kinds of line ends are not words."""
    return arrived(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def parameters(site: Site) -> Iterator[tuple[Visit, str, str]]:
    """Every name that some page of the product puts behind a question mark: visit, path, name."""
    seen = set()
    for visit in pages():
        path = visit.path(site.world)
        read = site.page(visit.who, path)
        names = [name for link in (path, *read.links) for name, _value in parse_qsl(urlsplit(link).query)]
        names += [one.name for form in read.forms if form.method == "get" for one in form.fields]
        for name in dict.fromkeys([*names, "page", "after", "before", "next"]):
            if (visit.name, name) not in seen:
                seen.add((visit.name, name))
                yield visit, urlsplit(path).path, name


def spread[T](every: list[T], count: int) -> list[T]:
    """``count`` of them, from all over the list."""
    return every if count >= len(every) else [every[at * len(every) // count] for at in range(count)]
