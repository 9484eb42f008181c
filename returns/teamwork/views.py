"""Pages and buttons of teamwork: assign, hand over, watch, presence."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_fsm import TransitionNotAllowed

from returns.case_page.queries import find_case
from returns.case_page.stale_form import show_changes
from returns.lifecycle.states import rights_to
from returns.models import Case
from returns.permissions import REVIEW
from returns.review.assignment import CannotAssign, assign, may_work_on, undo_assignment
from returns.teamwork.actions import be_present, hand_over, unwatch, watch
from returns.teamwork.forms import AssignForm, HandOverForm
from returns.teamwork.queries import active_teams, colleagues_for, stand_ins_for
from signoff.db.required import required
from signoff.models import Team
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, show_form_error
from signoff.web.formatting import name_of
from signoff.web.requests import StaffRequest
from signoff.web.undo import offer_undo


@staff("returns.view_case")
def assign_case(request: StaffRequest, number: str) -> HttpResponse:
    """Give the case to a colleague or a team, with words why."""
    case = find_case(request.user, number)
    if not rights_to(case.status):
        messages.error(request, _("Case %(number)s is finished; there is nothing left to do.") % {"number": number})
        return redirect(case)
    if not may_work_on(case, request.user):
        raise PermissionDenied
    form = AssignForm(
        request.POST or None, colleagues=colleagues_for(case), teams=active_teams(), initial={"seen": case.seq}
    )

    def page() -> HttpResponse:
        return render(request, "returns/desk/assign.html", {"case": case, "form": form})

    def assign_with_undo(**values: Any) -> Case:
        moved = assign(case, by=request.user, **values)
        facts = {"number": number, "seq": moved.seq, "owner": case.owner_id, "team": case.team_id}
        offer_undo(request, _assigned(moved), kind="assignment", **facts)
        return moved

    return handle_form(
        request,
        form,
        page=page,
        action=assign_with_undo,
        next_page=case.get_absolute_url(),
        refusals={
            CannotAssign: show_form_error(form, page, field="to"),
            TransitionNotAllowed: show_changes(request, case, form),
        },
    )


def _assigned(case: Case) -> str:
    to = name_of(case.owner) if case.owner else required(case.team).name
    return _("Case %(number)s assigned to %(name)s.") % {"number": case.number, "name": to}


def take_assignment_back(*, by: User, number: str, seq: int, owner: int | None, team: int | None) -> str:
    """Undo an assignment, for ``signoff.web.undo``; returns the case's page."""
    case = find_case(by, number)
    former = User.objects.filter(pk=owner, is_active=True).first() if owner else None
    undo_assignment(case, seq=seq, owner=former, team=Team.objects.filter(pk=team).first() if team else None, by=by)
    return case.get_absolute_url()


@staff(REVIEW)
def hand_over_cases(request: StaffRequest) -> HttpResponse:
    """Hand all of one's own open cases to a colleague; then a page with what became of each."""
    form = HandOverForm(request.POST or None, colleagues=stand_ins_for(request.user))
    if request.method == "POST" and form.is_valid():
        result = hand_over(by=request.user, **form.cleaned_data)
        context = {"result": result, "to": form.cleaned_data["to"], "until": form.cleaned_data["absent_until"]}
        return render(request, "returns/desk/handed_over.html", context)
    count = Case.objects.owned_by(request.user).count_up_to()
    return render(request, "returns/desk/hand_over.html", {"form": form, "count": count})


@staff("returns.view_case")
@require_POST
def watch_case(request: StaffRequest, number: str) -> HttpResponse:
    """Be notified about the case."""
    case = find_case(request.user, number)
    watch(case, by=request.user)
    messages.success(request, _("You're watching case %(number)s and will be notified.") % {"number": number})
    return redirect(case)


@staff("returns.view_case")
@require_POST
def unwatch_case(request: StaffRequest, number: str) -> HttpResponse:
    """Be notified no longer."""
    case = find_case(request.user, number)
    unwatch(case, by=request.user)
    messages.success(request, _("You're no longer watching case %(number)s.") % {"number": number})
    return redirect(case)


@staff("returns.view_case")
@require_POST
def presence(request: StaffRequest, number: str) -> HttpResponse:
    """Say that this browser shows the case, and who else's does; htmx asks as long as the page is open."""
    case = find_case(request.user, number)
    return render(request, "returns/desk/_presence.html", {"others": be_present(case, by=request.user)})
