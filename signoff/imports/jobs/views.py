"""Imports as they stand: looked at before, run by a worker, told how they went."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from signoff.imports.files.csv import Row
from signoff.imports.files.sniff import MAX_BYTES, UnreadableFile
from signoff.imports.files.uploaded import open_head
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import FORMATS
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs.actions import TABLE, TooLate, reader_of
from signoff.imports.jobs.forms.mapping import MappingForm, beginning
from signoff.imports.jobs.forms.upload import SendForm
from signoff.imports.jobs.text import counts, details, figures, format_name, is_table, paid, written_in
from signoff.imports.orders.preview import as_stored, read_preview
from signoff.models import OrderImport
from signoff.pictures.serve import SEALED
from signoff.web.access import staff
from signoff.web.keyset import page_by_key
from signoff.web.uploads import Bounded

LOOK, IMPORT = "signoff.view_orderimport", "signoff.import_orders"
QUIET = timedelta(minutes=1)  # a worker that lives says so every second, unless it opens something big
State = OrderImport.State


@staff(LOOK)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    page = page_by_key(OrderImport.objects.with_files(), key="-sent_at", query=request.GET)
    return render(request, "signoff/desk/imports.html", {"page": page})


@staff(LOOK)
@require_safe
def one(request: HttpRequest, token: str) -> HttpResponse:
    """Before it runs: a preview; while it runs: how far it has come; then: what came of it."""
    found = find(token)
    if found.state == State.SENT:
        return _preview(request, found)
    if found.state not in (State.WAITING, State.RUNNING):
        return _report(request, found)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "signoff/desk/import_progress.html#progress", _how_far(found))
    return render(request, "signoff/desk/import_progress.html", _how_far(found))


@staff(LOOK)
@require_safe
def refused(request: HttpRequest, token: str) -> HttpResponseBase:
    """The refused rows, to be mended and sent again; 404 where there are none, or none any more."""
    found = find(token)
    if not found.refused:
        raise Http404
    try:
        file = found.refused.open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
    name = f"refused-{found.sent_at:%Y-%m-%d-%H%M}.csv"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    for header, value in SEALED.items():
        response.headers[header] = value
    return response


def find(token: str, **wanted: Any) -> OrderImport:
    """The import with this token, as ``wanted``, or 404."""
    return get_object_or_404(OrderImport.objects.with_files(), token=token, **wanted)


def page_of(sent: OrderImport) -> str:
    """The name of the page that it needs next: a table that nobody has explained, that of its columns."""
    return "signoff:import-columns" if sent.format == TABLE and not sent.recipe else "signoff:import"


def _preview(request: HttpRequest, found: OrderImport) -> HttpResponse:
    """The first orders as they would be stored, and problems by line and column."""
    if page_of(found) != "signoff:import" and request.user.has_perm(IMPORT):
        return redirect("signoff:import-columns", found.token)
    context: dict[str, Any] = {"found": found, "format": format_name(found.format), "is_table": found.format == TABLE}
    try:
        with open_head(found.files.all()) as head:
            preview = read_preview(reader_of(found, head.source), head)
            context |= {"preview": preview, "written": written_in(head.written)}
            context["orders"] = [as_stored(order) for order in preview.orders]
    except UnreadableFile as why:
        context["problem"] = str(why)
    except FileNotFoundError:
        context["problem"] = _("The files are gone. Send them once more.")
    return render(request, "signoff/desk/import_preview.html", context)


def _how_far(found: OrderImport) -> dict[str, Any]:
    quiet = found.heard_at is not None and found.heard_at < timezone.now() - QUIET
    return {
        "found": found,
        "format": format_name(found.format),
        "done": min(found.done, found.lines),
        "is_quiet": quiet,
    }


def _report(request: HttpRequest, found: OrderImport) -> HttpResponse:
    if request.htmx and not request.htmx.history_restore_request:
        return HttpResponseClientRefresh()  # the progress that was asked for is over
    report = found.outcome.get("report", {})
    context = {
        "found": found,
        "format": format_name(found.format),
        "counts": counts(found),
        "paid": paid(found),
        "figures": figures(report),
        "details": details(report),
        "one_table": len(found.files.all()) == 1 and is_table(found.format),
    }
    return render(request, "signoff/desk/import_report.html", context)


SAMPLED = 20


@staff(IMPORT)
@csrf_exempt  # checked a step later: the check reads the files, and they are to be bounded before
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose files; what is too big is not even taken."""
    bounded = Bounded(request, most=MAX_BYTES)
    request.upload_handlers = [bounded, *request.upload_handlers]
    return _upload(request, bounded)


@csrf_protect
def _upload(request: HttpRequest, bounded: Bounded) -> HttpResponse:
    posted = request.method == "POST"
    form = SendForm(request.POST, request.FILES, too_big=bounded.too_big) if posted else SendForm()
    if posted and form.is_valid():
        try:
            sent = jobs.send(form.cleaned_data["files"], shop=form.cleaned_data["shop"], by=request.user)
        except UnreadableFile as why:
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
    except (UnreadableFile, FileNotFoundError):
        return redirect("signoff:import", token)
    recipe = ColumnMapping(**found.recipe) if found.recipe else None
    initial = beginning(recipe, titles=titles, shop=found.shop)
    form = MappingForm(request.POST or None, titles=titles, rows=rows, initial=initial)
    if request.method == "POST" and form.is_valid() and form.recipe:
        return _deed(request, token, lambda: jobs.choose_mapping(found, recipe=form.recipe))
    return render(request, "signoff/desk/import_columns.html", {"found": found, "form": form})


@staff(IMPORT)
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Run it as it was shown."""
    return _deed(request, token, lambda: jobs.confirm(find(token), by=request.user))


@staff(IMPORT)
@require_POST
def drop(request: HttpRequest, token: str) -> HttpResponse:
    """Throw it away before it has begun."""
    return _deed(request, token, lambda: jobs.drop(find(token)))


def _deed(request: HttpRequest, token: str, deed: Callable[[], OrderImport]) -> HttpResponse:
    """Do it, or say why not; then show how it stands."""
    try:
        deed()
    except (TooLate, UnreadableFile) as refusal:
        messages.error(request, str(refusal))
    return redirect("signoff:import", token)


def _sampled(found: OrderImport) -> tuple[list[str], list[Row]]:
    """Titles and first rows of the only table."""
    with open_head(found.files.all()) as head:
        return head.source.header, list(islice(head.source.table.rows(), SAMPLED))
