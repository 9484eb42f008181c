"""The page that asks how a parcel was found."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from signoff.contents import contents_of
from signoff.forms.receipts import LineForm, ReceiptForms
from signoff.pictures.fields import ACCEPT
from signoff.views.signing.albums import OUTSIDE, Album, albums_of
from signoff.views.signing.doors import Door
from signoff.views.signing.standing import Standing

Refusals = Mapping[str, Sequence[str]]


def ask(
    request: HttpRequest,
    door: Door,
    standing: Standing,
    forms: ReceiptForms | None = None,
    refusals: Refusals | None = None,
    judged: bool = True,
) -> HttpResponse:
    """The whole page; with ``forms``, what was typed and, once it is ``judged``, what is wrong with it."""
    contents = contents_of(door.parcel)
    forms = forms or ReceiptForms(contents=contents)
    albums = albums_of(door, contents)
    for name, sentences in (refusals or {}).items():
        albums[name].refusals = list(sentences)
    context = {
        "door": door,
        "parcel": door.parcel,
        "shop": door.parcel.order.shop,
        "standing": standing,
        "contents": contents,
        "sections": [_section(form, albums[form.name], len(contents)) for form in forms.lines],
        "outside": albums[OUTSIDE],
        "whole": forms.whole,
        "is_open": forms.whole.is_bound or any(album.photos for album in albums.values()),
        "judged": judged and forms.whole.is_bound,
        "refuses": forms.refuses,
        "accept": ACCEPT,
    }
    return render(request, "signoff/portal/sign.html", context)


def photos_only(
    request: HttpRequest, door: Door, standing: Standing, forms: ReceiptForms, refusals: Refusals
) -> HttpResponse:
    """Photos came or went, nobody has finished writing: what was typed stays as it is, and nothing is judged yet."""
    if not request.htmx:
        return ask(request, door, standing, forms, refusals, judged=False)
    albums = albums_of(door, contents_of(door.parcel))
    shown = albums.get(request.htmx.target or "", albums[OUTSIDE])
    shown.refusals = list(refusals.get(shown.name, ()))
    return render(request, "signoff/portal/_delivery_photos.html", {"album": shown, "accept": ACCEPT})


def _section(form: LineForm, album: Album, lines: int) -> dict[str, Any]:
    """A line that has something to say is open, and so is the only one."""
    touched = form.is_bound and form.has_changed()
    return {
        "form": form,
        "line": form.content.line,
        "album": album,
        "open": lines == 1 or touched or bool(album.photos),
    }
