"""Downloads of what a list shows."""

import csv
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from signoff.exports.rows import as_text, rows_of
from signoff.exports.xlsx import workbook
from signoff.web.access import signed_in
from signoff.web.desk_lists import Cell, find_list
from signoff.web.requests import StaffRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_safe
def export(request: StaffRequest, name: str, kind: str) -> StreamingHttpResponse:
    """All rows of a list at this address: its filters, its order, its columns; for whom may see the list."""
    desk_list = find_list(name)
    if desk_list is None:
        raise Http404
    if not request.user.has_perm(desk_list.permission):
        raise PermissionDenied
    columns = desk_list.shown_columns(request.user, request.GET)
    language = translation.get_language()

    def rows() -> Iterator[list[Cell]]:
        with translation.override(language):
            yield [str(column.label) for column in columns]
            yield from rows_of(desk_list, desk_list.find(request.user, request.GET), columns)

    content = workbook(rows()) if kind == "xlsx" else _csv(rows())
    response = StreamingHttpResponse(content, content_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8")
    stamp = timezone.localtime().strftime("%Y-%m-%d-%H%M")
    response["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


class _Echo:
    """A file whose ``write`` returns what was written."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[list[Cell]]) -> Iterator[str]:
    """Lines of CSV after a byte order mark, by which spreadsheets recognise UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for cells in rows:
        yield writer.writerow([as_text(cell) for cell in cells])
