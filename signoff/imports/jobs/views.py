"""Pages of imports: list, upload, columns, preview, progress, report."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from signoff.imports.files.csv import Row
from signoff.imports.files.encodings import ENCODING_NAMES, GUESSED
from signoff.imports.files.sniff import MAX_BYTES, UnreadableFile
from signoff.imports.files.uploaded import Head, encoding_samples, local_paths, open_head, require_encoding
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import FORMATS
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs.actions import TABLE, StateChanged, reader_for
from signoff.imports.jobs.forms.mapping import MappingForm, initial_values
from signoff.imports.jobs.forms.upload import UploadForm
from signoff.imports.jobs.listing import IMPORTS
from signoff.imports.jobs.text import (
    common_figures,
    count_links,
    encoding_names,
    format_figures,
    format_name,
    is_table,
    paid_amounts,
)
from signoff.imports.orders.preview import preview_context, read_preview
from signoff.models import OrderImport
from signoff.pictures.serve import SEALED
from signoff.pictures.storage import StorageFull, full_sentence, had_no_room
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_error_message, show_form_error
from signoff.web.lists import wants_part
from signoff.web.requests import HtmxRequest, StaffRequest
from signoff.web.uploads import Bounded, takes

VIEW_PERMISSION, IMPORT_PERMISSION = "signoff.view_orderimport", "signoff.import_orders"
SAMPLE_ROWS = 20
QUIET_AFTER = timedelta(minutes=1)  # the heartbeat comes every second, except while a big file is opened
State = OrderImport.State


@staff(VIEW_PERMISSION)
@require_safe
def import_list(request: StaffRequest) -> HttpResponse:
    """The newest first."""
    page = IMPORTS.find(request.user, request.GET).page()
    return render(request, "signoff/desk/imports.html", {"page": page, "desk_list": IMPORTS})


@staff(VIEW_PERMISSION)
@require_safe
def detail(request: HtmxRequest, token: str) -> HttpResponse:
    """One import: a preview before it runs, its progress while it runs, then its report."""
    job = get_import(token)
    if job.state == State.SENT:
        return _preview(request, job)
    if job.state not in (State.WAITING, State.RUNNING):
        return _report(request, job)
    if wants_part(request):
        return render(request, "signoff/desk/import_progress.html#progress", _progress_context(job))
    return render(request, "signoff/desk/import_progress.html", _progress_context(job))


@staff(VIEW_PERMISSION)
@require_safe
def rejected_rows(request: HttpRequest, token: str) -> HttpResponseBase:
    """Download the rejected rows, to be corrected and uploaded again; 404 if there is no file (any more)."""
    job = get_import(token)
    if not job.refused:
        raise Http404
    try:
        file = job.refused.open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
    name = f"refused-{job.sent_at:%Y-%m-%d-%H%M}.csv"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    for header, value in (SEALED | {"Cache-Control": "private, no-store"}).items():
        response.headers[header] = value
    return response


def get_import(token: str, **filters: Any) -> OrderImport:
    """The import with this token and these field values, or 404."""
    return get_object_or_404(OrderImport.objects.with_files(), token=token, **filters)


def next_page(job: OrderImport) -> str:
    """URL name of the next page: a table without a mapping needs its columns first."""
    return "signoff:import-columns" if job.format == TABLE and not job.recipe else "signoff:import"


def _preview(request: HttpRequest, job: OrderImport) -> HttpResponse:
    """The first orders as they would be stored, and rejected rows by line and column."""
    context: dict[str, Any] = {"order_import": job, "format": format_name(job.format), "is_table": job.format == TABLE}
    needs_columns = next_page(job) != "signoff:import" and request.user.has_perm(IMPORT_PERMISSION)
    try:
        with open_head(job.files.all(), encoding=job.encoding) as head:
            if needs_columns and not head.is_undecided:
                return redirect("signoff:import-columns", job.token)
            written = "" if head.is_undecided else encoding_names(head.encodings)
            context |= {"written": written, "encodings": _encoding_context(job, head)}
            if not head.is_undecided:
                context["preview"] = preview = read_preview(reader_for(job, head.source), head)
                context["orders"] = [preview_context(order) for order in preview.orders]
    except UnreadableFile as why:
        context["problem"] = str(why)
    except FileNotFoundError:
        context["problem"] = _("The files have been deleted. Upload them again.")
    return render(request, "signoff/desk/import_preview.html", context)


def _encoding_context(job: OrderImport, head: Head) -> dict[str, Any]:
    """The encodings to choose from, each with a sample; empty for files whose encoding is certain."""
    if not (job.encoding or head.is_undecided or set(head.encodings) & set(GUESSED)):
        return {}
    with local_paths(job.files.all()) as paths:
        texts = encoding_samples(paths)
    choices = [{"key": key, "name": ENCODING_NAMES[key], "sample": text} for key, text in texts.items()]
    current = "" if head.is_undecided else next((name for name in head.encodings if name in ENCODING_NAMES), "")
    return {"choices": choices, "current": current, "undecided": head.is_undecided}


def _progress_context(job: OrderImport) -> dict[str, Any]:
    quiet = job.heard_at is not None and job.heard_at < timezone.now() - QUIET_AFTER
    return {
        "order_import": job,
        "format": format_name(job.format),
        "done": min(job.done, job.lines),
        "is_quiet": quiet,
    }


def _report(request: HtmxRequest, job: OrderImport) -> HttpResponse:
    if wants_part(request):
        return HttpResponseClientRefresh()  # htmx polled for progress, but the job has ended: load the whole page
    report = job.outcome.get("report", {})
    context = {
        "order_import": job,
        "format": format_name(job.format),
        "counts": count_links(job),
        "paid": paid_amounts(job),
        "figures": common_figures(report),
        "details": format_figures(report),
        "one_table": len(job.files.all()) == 1 and is_table(job.format),
    }
    return render(request, "signoff/desk/import_report.html", context)


@takes(MAX_BYTES)
@staff(IMPORT_PERMISSION)
@csrf_exempt  # ``_upload`` checks it: the check parses the files, so the size limit must be set before
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Upload files. A request that is too big is refused before its files are written to disk."""
    bounded = Bounded(request, most=MAX_BYTES)
    request.upload_handlers = [bounded, *request.upload_handlers]
    return _upload(request, bounded)


@csrf_protect
def _upload(request: StaffRequest, bounded: Bounded) -> HttpResponse:
    if had_no_room(request):
        raise StorageFull(full_sentence())
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES, too_big=bounded.too_big) if posted else UploadForm()

    def page() -> HttpResponse:
        formats = list(dict.fromkeys(format.title for format in FORMATS.values()))
        return render(request, "signoff/desk/import_send.html", {"form": form, "formats": formats})

    return handle_form(
        request,
        form,
        page=page,
        action=partial(jobs.upload, by=request.user),
        next_page=lambda job: reverse(next_page(job), args=[job.token]),
        refusals={
            UnreadableFile: show_form_error(form, page, field="files"),
            StorageFull: show_form_error(form, page, field="files"),
        },
    )


@staff(IMPORT_PERMISSION)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Choose what the columns of a table mean."""
    job = get_import(token, state=OrderImport.State.SENT, format=TABLE)
    try:
        titles, rows = _sample_table(job)
    except (UnreadableFile, FileNotFoundError):
        return redirect("signoff:import", token)
    mapping = ColumnMapping(**job.recipe) if job.recipe else None
    initial = initial_values(mapping, titles=titles, shop=job.shop)
    form = MappingForm(request.POST or None, titles=titles, rows=rows, initial=initial)
    if request.method == "POST" and form.is_valid() and (chosen := form.recipe):
        return _act(request, token, lambda: jobs.choose_mapping(job, mapping=chosen))
    return render(request, "signoff/desk/import_columns.html", {"order_import": job, "form": form})


@staff(IMPORT_PERMISSION)
@require_POST
def encoding(request: HttpRequest, token: str) -> HttpResponse:
    """Choose the encoding of the text files; one that we do not offer is 404."""
    chosen = request.POST.get("encoding", "")
    if chosen not in ENCODING_NAMES:
        raise Http404
    job = get_import(token, state=OrderImport.State.SENT)
    return _act(request, token, lambda: jobs.choose_encoding(job, encoding=chosen))


@staff(IMPORT_PERMISSION)
@require_POST
def confirm(request: StaffRequest, token: str) -> HttpResponse:
    """Queue the job as previewed."""
    return _act(request, token, lambda: jobs.confirm(get_import(token), by=request.user))


@staff(IMPORT_PERMISSION)
@require_POST
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Discard a job that has not started."""
    return _act(request, token, lambda: jobs.discard(get_import(token)))


def _act(request: HttpRequest, token: str, action: Callable[[], OrderImport]) -> HttpResponse:
    """Run the action or show why it was not possible; then show the import."""
    address = reverse("signoff:import", args=[token])
    show_error = show_error_message(request, next_page=address)
    refusals = {StateChanged: show_error, UnreadableFile: show_error}
    return run_action(request, action, next_page=address, refusals=refusals)


def _sample_table(job: OrderImport) -> tuple[list[str], list[Row]]:
    """Header and first rows of the table."""
    with open_head(job.files.all(), encoding=job.encoding) as head:
        require_encoding(head.source)
        return head.source.header, list(islice(head.source.table.rows(), SAMPLE_ROWS))
