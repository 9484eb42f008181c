"""A shopper's step in a case. What was typed survives every refusal, and so do the photos."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django_fsm import TransitionNotAllowed

from returns.actions import shopper as deeds
from returns.actions.drafts import attach
from returns.forms.portal_steps import FORMS, StepForm
from returns.models import Case, Draft
from returns.timeline import Told, told
from returns.views.portal.getters import own_case
from returns.views.portal.pictures import shown
from returns.views.portal.status import last_words, possible
from signoff.access import shopper
from signoff.pictures.fields import ACCEPT
from signoff.pictures.sorting import sort_photos

DEEDS: dict[str, Callable[..., Case]] = {
    "supply_information": deeds.supply_information,
    "appeal": deeds.appeal,
    "ship": deeds.ship,
    "withdraw": deeds.withdraw,
}
DONE = {
    "supply_information": _("Thank you, we have your answer."),
    "appeal": _("We have your appeal and look again."),
    "ship": _("Thank you. You see here when the parcel arrives."),
    "withdraw": _("You have withdrawn the case."),
}


@shopper
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """The form of one step by itself; the status page holds the same form."""
    case = own_case(request, number)
    if request.method == "POST":
        return _take(request, case, step)
    if step not in possible(case):
        return redirect("returns:status", case.number)
    return _page(request, case, step, FORMS[step](), None, None)


def _take(request: HttpRequest, case: Case, step: str) -> HttpResponse:
    held = _held(case, request.POST.get("held", ""))
    form, photos = _form(request, step, held)
    changed: list[Told] | None = None
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            DEEDS[step](case, by=case.customer, **form.cleaned_data, **photos)
        except TransitionNotAllowed as refusal:
            form.add_error(None, str(refusal))
            changed = told(case, audience="shopper", after=seen)
        else:
            messages.success(request, DONE[step])
            return redirect("returns:status", case.number)
    if photos.get("pictures"):
        held = held or Draft.objects.create(order_id=case.order_id, data={"case": case.number, "step": step})
        attach(held, line=None, pictures=photos["pictures"])
    return _page(request, own_case(request, case.number), step, form, held, changed)


def _held(case: Case, token: str) -> Draft | None:
    """Photos that an earlier, refused try has left."""
    if not token:
        return None
    return next((draft for draft in Draft.objects.filter(data__case=case.number) if draft.token == token), None)


def _form(request: HttpRequest, step: str, held: Draft | None) -> tuple[StepForm, dict[str, Any]]:
    """The bound form, and what to hand to the deed besides its fields."""
    if not FORMS[step].shows:
        return FORMS[step](request.POST), {}
    already = held.evidence.count() if held else 0
    result = sort_photos(request.FILES.getlist("photos"), already=already)
    form = FORMS[step](request.POST, pictures=already + len(result.pictures))
    if result.refusals:
        form.add_error(None, result.refusals)
    return form, {"pictures": result.pictures, "held": held}


def _page(
    request: HttpRequest, case: Case, step: str, form: StepForm, held: Draft | None, changed: Sequence[Told] | None
) -> HttpResponse:
    """``changed`` is what has happened since the form was drawn, where that was too much; None elsewhere."""
    context = {
        "case": case,
        "shop": case.shop,
        "step": step,
        "form": form,
        "possible": step in possible(case),
        "held": held,
        "held_pictures": shown(held.evidence.order_by("id")) if held else [],
        "words": last_words(case),
        "accept": ACCEPT,
        "changed": changed,
    }
    stale = form.is_bound and (changed is not None or not context["possible"])
    return render(request, "returns/portal/step.html", context, status=409 if stale else 200)
