"""Pages of bulk steps: choose, confirm, progress, results; and lists that are pasted or uploaded."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signoff.bulk import actions
from signoff.bulk.actions import MOST, BulkRefused
from signoff.bulk.forms import PasteForm
from signoff.bulk.queries import view_of
from signoff.bulk.registry import BulkAction, find_bulk_action
from signoff.models import BulkRun
from signoff.web.access import signed_in
from signoff.web.desk_lists import DeskList, find_list
from signoff.web.lists import wants_part
from signoff.web.requests import StaffRequest

State = BulkRun.State


@signed_in
@require_POST
def choose(request: StaffRequest, name: str) -> HttpResponse:
    """Draft an action for the chosen rows of a list, or for all that match its address."""
    desk_list, query = _list(request, name), QueryDict(request.POST.get("query", ""))
    action = _action(request, name, request.POST.get("action", ""))
    back = f"{reverse(desk_list.url_name)}?{query.urlencode()}"
    if request.POST.get("all"):
        found = desk_list.find(request.user, query)
        refs = [desk_list.ref(row) for row in found.first(MOST + 1)]
    else:
        refs = list(dict.fromkeys(request.POST.getlist("row")))
    try:
        if len(refs) > MOST:
            raise BulkRefused(actions.too_many())
        run = actions.draft(action, action.look_up(request.user, refs), by=request.user)
    except BulkRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect("signoff:bulk-run", run.token)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: StaffRequest, name: str, action: str) -> HttpResponse:
    """Rows from a pasted or uploaded list, one a line."""
    desk_list, step = _list(request, name), _action(request, name, action)
    if step.read is None:
        raise Http404
    form = PasteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.draft(step, step.read(request.user, form.text), by=request.user)
        except BulkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("signoff:bulk-run", run.token)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "action": step, "desk_list": desk_list, "back": reverse(desk_list.url_name)}
    return render(request, "signoff/desk/bulk_paste.html", context, status=status)


@signed_in
@require_safe
def run(request: StaffRequest, token: str) -> HttpResponse:
    """A bulk step: to be confirmed, its progress, or its results."""
    found = _find(request, token)
    return _page(request, found, _action_of(found).form(user=request.user))


@signed_in
@require_POST
def confirm(request: StaffRequest, token: str) -> HttpResponse:
    """Run a drafted step. A second submission does nothing and shows what the first one did."""
    found = _find(request, token)
    form = _action_of(found).form(request.POST, user=request.user)
    if found.state == State.DRAFT and not form.is_valid():
        return _page(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if found.state != State.DRAFT or not actions.confirm(found, by=request.user, values=form.cleaned_data):
        messages.info(request, _("This has been confirmed before. Nothing was done twice; here is what became of it."))
    return redirect("signoff:bulk-run", found.token)


def _page(request: StaffRequest, found: BulkRun, form: object, *, status: int = HTTPStatus.OK) -> HttpResponse:
    action, desk_list = _action_of(found), find_list(found.list)
    view = view_of(found)
    context = {
        "view": view,
        "run": found,
        "action": action,
        "form": form,
        "follows": action.follows(view.chosen),
        "list_label": desk_list.label if desk_list else "",
        "back": reverse(desk_list.url_name) if desk_list else "/desk/",
    }
    part = "#progress" if found.state in (State.WAITING, State.RUNNING) and wants_part(request) else ""
    response = render(request, f"signoff/desk/bulk_run.html{part}", context, status=status)
    if wants_part(request) and not part:
        response["HX-Refresh"] = "true"  # it has ended: the whole page changes
    return response


def _find(request: StaffRequest, token: str) -> BulkRun:
    return get_object_or_404(BulkRun, token=token, by=request.user)


def _list(request: StaffRequest, name: str) -> DeskList:
    found = find_list(name)
    if found is None:
        raise Http404
    if not request.user.has_perm(found.permission):
        raise PermissionDenied
    return found


def _action(request: HttpRequest, desk_list: str, name: str) -> BulkAction:
    found = find_bulk_action(desk_list, name)
    if found is None:
        raise Http404
    if not request.user.has_perm(found.permission):
        raise PermissionDenied
    return found


def _action_of(found: BulkRun) -> BulkAction:
    action = find_bulk_action(found.list, found.action)
    if action is None:
        raise Http404
    return action
