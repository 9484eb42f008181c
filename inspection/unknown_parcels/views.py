"""Pages of unknown parcels: record one, see which case it could be, attach it; read a code from a photo."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_fsm import TransitionNotAllowed

from inspection.models import UnknownParcel
from inspection.scanning import find_cases
from inspection.unknown_parcels import actions
from inspection.unknown_parcels.forms import AttachForm, UnknownParcelForm
from inspection.unknown_parcels.queries import find_photo, find_unknown, suggestions
from returns.permissions import INSPECT
from signoff.pictures.clean import FORM_MAX, PictureRefused
from signoff.pictures.serve import picture_response, size_of
from signoff.pictures.storage import StorageFull
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_error_message, show_form_error
from signoff.web.requests import StaffRequest
from signoff.web.uploads import takes


@takes(FORM_MAX)
@staff(INSPECT)
def new(request: StaffRequest) -> HttpResponse:
    """Record a parcel that names no case; ``?code=`` is what was scanned before."""
    is_sent = request.method == "POST"
    initial = {"tracking_number": request.GET.get("code", "")[:80]}
    form = UnknownParcelForm(request.POST, request.FILES) if is_sent else UnknownParcelForm(initial=initial)

    def page() -> HttpResponse:
        return render(request, "inspection/desk/unknown_new.html", {"form": form})

    return handle_form(
        request,
        form,
        page=page,
        action=partial(actions.record, by=request.user),
        done=_("The parcel is recorded. Put it aside with its label up."),
        next_page=lambda unknown: reverse("inspection:unknown", args=[unknown.token]),
        refusals={StorageFull: show_form_error(form, page)},
    )


@staff(INSPECT)
@require_safe
def unknown(request: HttpRequest, token: str) -> HttpResponse:
    """One parcel: what is known, its photos, and the cases that it could belong to."""
    return _page(request, _find(token))


def _page(request: HttpRequest, parcel: UnknownParcel, *, number: str = "") -> HttpResponse:
    context = {
        "parcel": parcel,
        "pictures": [
            {
                "url": reverse("inspection:unknown-photo", args=[photo.token, "full"]),
                "thumb": reverse("inspection:unknown-photo", args=[photo.token, "thumbnail"]),
            }
            for photo in parcel.photos.exclude(file="").order_by("pk")
        ],
        "suggestions": [] if parcel.case else suggestions(parcel),
        "number": number,
    }
    return render(request, "inspection/desk/unknown.html", context)


@staff(INSPECT)
@require_POST
def attach(request: StaffRequest, token: str) -> HttpResponse:
    """Attach it to the case with this number, and go on to count what is in it."""
    parcel, form = _find(token), AttachForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    cases = find_cases(number)
    if len(cases) != 1:
        messages.error(request, _("No single case has the number “%(number)s”. Check it.") % {"number": number})
        return _page(request, parcel, number=number)
    here = reverse("inspection:unknown", args=[parcel.token])
    return run_action(
        request,
        partial(actions.attach, parcel, cases[0], by=request.user),
        done=_("The parcel belongs to case %(number)s now. Count what is in it.") % {"number": cases[0].number},
        next_page=lambda case: reverse("inspection:receive", args=[case.number]),
        refusals={
            actions.AlreadyAttached: show_error_message(request, next_page=here),
            TransitionNotAllowed: show_error_message(request, next_page=here),
        },
    )


@staff(INSPECT)
@require_safe
def photo(request: HttpRequest, token: UUID, size: str) -> HttpResponseBase:
    """A photo of an unknown parcel."""
    found = find_photo(token)
    if found is None:
        raise Http404
    return picture_response(found, size=size_of(size), request=request)


@takes(FORM_MAX)
@staff(INSPECT)
@require_POST
def scan(request: StaffRequest) -> HttpResponse:
    """Read the code on a photo, for browsers that cannot do it themselves, and look it up at the bench."""
    uploads = request.FILES.getlist("picture")
    try:
        code = next(filter(None, map(actions.read_code, uploads[:1])), "")
    except PictureRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspection:bench")
    if not code:
        messages.warning(request, _("No code could be read. Hold the label flat and close, or type its number."))
        return redirect("inspection:bench")
    return redirect(reverse("inspection:bench", query={"code": code}))


def _find(token: str) -> UnknownParcel:
    parcel = find_unknown(token)
    if parcel is None:
        raise Http404
    return parcel
