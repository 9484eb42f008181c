"""Orders are sent in as files, explained, confirmed or thrown away."""

from collections.abc import Callable
from itertools import islice

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from signoff.access import staff
from signoff.actions import importing
from signoff.actions.importing import TABLE, TooLate
from signoff.forms.importing import SendForm
from signoff.forms.mapping import MappingForm, beginning
from signoff.imports import FORMATS, Recipe, Unreadable
from signoff.imports.contents import MOST_BYTES
from signoff.imports.sent import beginning_of
from signoff.imports.tables import Row
from signoff.models import OrderImport
from signoff.uploads import Bounded
from signoff.views.imports import IMPORT, find, page_of

SAMPLED = 20


@staff(IMPORT)
@csrf_exempt  # checked a step later: the check reads the files, and they are to be bounded before
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Choose files; what is too big is not even taken."""
    bounded = Bounded(request, most=MOST_BYTES)
    request.upload_handlers = [bounded, *request.upload_handlers]
    return _send(request, bounded)


@csrf_protect
def _send(request: HttpRequest, bounded: Bounded) -> HttpResponse:
    posted = request.method == "POST"
    form = SendForm(request.POST, request.FILES, too_big=bounded.too_big) if posted else SendForm()
    if posted and form.is_valid():
        try:
            sent = importing.send(form.cleaned_data["files"], shop=form.cleaned_data["shop"], by=request.user)
        except Unreadable as why:
            form.add_error("files", str(why))
        else:
            return redirect(page_of(sent), sent.token)
    formats = [one.title for one in FORMATS.values()]
    return render(request, "signoff/desk/import_send.html", {"form": form, "formats": formats})


@staff(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Say what the columns of a table mean."""
    found = find(token, state=OrderImport.State.SENT, format=TABLE)
    try:
        titles, rows = _sampled(found)
    except (Unreadable, FileNotFoundError):
        return redirect("signoff:import", token)
    recipe = Recipe(**found.recipe) if found.recipe else None
    initial = beginning(recipe, titles=titles, shop=found.shop)
    form = MappingForm(request.POST or None, titles=titles, rows=rows, initial=initial)
    if request.method == "POST" and form.is_valid() and form.recipe:
        return _deed(request, token, lambda: importing.choose_mapping(found, recipe=form.recipe))
    return render(request, "signoff/desk/import_columns.html", {"found": found, "form": form})


@staff(IMPORT)
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Run it as it was shown."""
    return _deed(request, token, lambda: importing.confirm(find(token), by=request.user))


@staff(IMPORT)
@require_POST
def drop(request: HttpRequest, token: str) -> HttpResponse:
    """Throw it away before it has begun."""
    return _deed(request, token, lambda: importing.drop(find(token)))


def _deed(request: HttpRequest, token: str, deed: Callable[[], OrderImport]) -> HttpResponse:
    """Do it, or say why not; then show how it stands."""
    try:
        deed()
    except (TooLate, Unreadable) as refusal:
        messages.error(request, str(refusal))
    return redirect("signoff:import", token)


def _sampled(found: OrderImport) -> tuple[list[str], list[Row]]:
    """Titles and first rows of the only table."""
    with beginning_of(found.files.all()) as head:
        return head.source.header, list(islice(head.source.table.rows(), SAMPLED))
