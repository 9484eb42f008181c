"""Imports as they stand: looked at before, run by a worker, told how they went."""

from datetime import timedelta
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from signoff.access import staff
from signoff.actions.importing import TABLE, reader_of
from signoff.imports import Unreadable
from signoff.imports.preview import look
from signoff.imports.sent import beginning_of
from signoff.models import OrderImport
from signoff.paging import page_by_key
from signoff.pictures.serving import SEALED
from signoff.showing_imports import as_stored, counts, details, figures, format_name, is_table, paid, written_in

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
        with beginning_of(found.files.all()) as head:
            preview = look(reader_of(found, head.source), head)
            context |= {"preview": preview, "written": written_in(head.written)}
            context["orders"] = [as_stored(order) for order in preview.orders]
    except Unreadable as why:
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
