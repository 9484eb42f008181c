"""Save the view of a list, remove one, and choose columns."""

from functools import partial
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from signoff.models import SavedView
from signoff.saved_views.actions import ViewRefused, remove_view, save_view
from signoff.saved_views.forms import SaveViewForm
from signoff.saved_views.queries import clean_query
from signoff.web.access import signed_in
from signoff.web.desk_lists import DeskList, find_list
from signoff.web.form_handling import handle_form, run_action, show_form_error
from signoff.web.requests import StaffRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: StaffRequest, name: str) -> HttpResponse:
    """Save the address of a list (the query of this one) under a name."""
    desk_list = _list(request, name)
    query = clean_query(request.GET)
    form, back = SaveViewForm(request.POST or None, user=request.user), f"{reverse(desk_list.url_name)}?{query}"

    def page() -> HttpResponse:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        context = {"form": form, "desk_list": desk_list, "back": back}
        return render(request, "signoff/desk/view_save.html", context, status=status)

    return handle_form(
        request,
        form,
        page=page,
        action=partial(save_view, name, query=query, by=request.user),
        done=_("View saved."),
        next_page=back,
        refusals={ViewRefused: show_form_error(form, page, field="name")},
    )


@signed_in
@require_POST
def remove(request: StaffRequest, name: str) -> HttpResponse:
    """Remove a view that the user has saved."""
    desk_list = _list(request, name)
    key = request.POST.get("view", "")
    is_key = key.isascii() and key.isdigit() and len(key) < 19
    view = get_object_or_404(SavedView, pk=key if is_key else 0, list=name)
    return run_action(
        request,
        partial(remove_view, view, by=request.user),
        done=_("View removed."),
        next_page=reverse(desk_list.url_name),
        refusals={},
    )


@signed_in
@require_POST
def columns(request: StaffRequest, name: str) -> HttpResponse:
    """Put the chosen columns into the address of the list, where they can be shared and saved."""
    desk_list, query = _list(request, name), QueryDict(request.POST.get("query", ""), mutable=True)
    known = [column.name for column in desk_list.columns_for(request.user)]
    chosen = [column for column in known if column in request.POST.getlist("column")]
    query.pop("columns", None)
    if chosen and chosen != known:
        query["columns"] = ".".join(chosen)
    return redirect(f"{reverse(desk_list.url_name)}?{clean_query(query)}")


def _list(request: StaffRequest, name: str) -> DeskList:
    found = find_list(name)
    if found is None:
        raise Http404
    if not request.user.has_perm(found.permission):
        raise PermissionDenied
    return found
