"""The page that answers the desk's search field."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from returns.queue.rows import row_of
from returns.search.queries import Search
from signoff.web.access import may_see_amounts, staff
from signoff.web.requests import StaffRequest


@staff("returns.view_case")
@require_safe
def search_page(request: StaffRequest) -> HttpResponse:
    """Open the record that ``q`` names exactly, else list what matches."""
    words = request.GET.get("q", "").replace("\x00", "").strip()
    search = Search(words, user=request.user) if words else None
    if search and (url := search.exact_url()):
        return redirect(url)
    found = search.found() if search else None
    may_know = may_see_amounts(request.user)
    rows = [row_of(case, may_know=may_know) for case in found.cases.rows] if found else []
    context = {"words": words, "found": found, "case_rows": rows, "may_know": may_know}
    return render(request, "returns/desk/search.html", context)
