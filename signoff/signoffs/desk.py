"""Views of the desk: record a sign-off for a shopper, and correct one."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from signoff.models import Parcel, SignOff, SignOffPhoto
from signoff.parcels.contents import Content, contents_of, contents_to_sign
from signoff.pictures.clean import FORM_MAX
from signoff.signoffs.actions import AlreadyCorrected, AlreadySigned, correct, expected_contents, sign
from signoff.signoffs.context import SigningContext, picture_values
from signoff.signoffs.forms.record import DeskReportForms, RecordForm
from signoff.signoffs.history import find_by_number, report_of
from signoff.signoffs.photos import attach
from signoff.web.access import staff
from signoff.web.form_handling import run_action, show_conflict
from signoff.web.uploads import takes

RIGHT = "signoff.add_signoff"


@takes(FORM_MAX)
@staff(RIGHT)
def record(request: HttpRequest, token: str, parcel: str) -> HttpResponse:
    """Record a sign-off that somebody gave by telephone, by e-mail or at the counter."""
    row = _find(token, parcel)
    return _page(request, row, None, contents_to_sign(row) or contents_of(row))


@takes(FORM_MAX)
@staff(RIGHT)
def correct_sign_off(request: HttpRequest, token: str, parcel: str, number: int) -> HttpResponse:
    """Correct the sign-off with this number by a new one; the form starts with the values of the old one."""
    row = _find(token, parcel)
    sign_off = find_by_number(row, number)
    if sign_off is None:
        raise Http404
    return _page(request, row, sign_off, expected_contents(sign_off))


def _find(order: str, parcel: str) -> Parcel:
    """The parcel; 404 for return parcels, which the inspection bench receives."""
    parcels = Parcel.objects.exclude(direction=Parcel.Direction.RETURN)
    return get_object_or_404(parcels.select_related("order__shop", "order__customer"), token=parcel, order__token=order)


def _page(request: HttpRequest, parcel: Parcel, sign_off: SignOff | None, contents: Sequence[Content]) -> HttpResponse:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    record_form = RecordForm(data, files, order=parcel.order, corrected=sign_off)
    report = report_of(sign_off) if sign_off else None
    forms = DeskReportForms(data, contents=contents, refuses=bool(data and data.get("refused_for")), report=report)
    if data is not None:
        complete = record_form.is_valid() & forms.is_valid()  # both are validated, so that the errors of both are shown
        refusals = attach(parcel, line=None, pictures=record_form.cleaned_data.get("pictures", ()))
        for refusal in refusals:
            record_form.add_error("pictures", refusal)
        if complete and not refusals:
            return _write(request, parcel, sign_off, record_form, forms)
    context = {
        "parcel": parcel,
        "order": parcel.order,
        "sign_off": sign_off,
        "form": record_form,
        "lines": forms.lines,
        "whole": forms.whole,
        "refuses": forms.refuses,
        "pictures": picture_values(SignOffPhoto.objects.waiting(parcel), SigningContext(parcel)),
        "back": _order_url(parcel),
    }
    return render(request, "signoff/desk/sign.html", context)


def _write(
    request: HttpRequest, parcel: Parcel, sign_off: SignOff | None, record_form: RecordForm, forms: DeskReportForms
) -> HttpResponse:
    action: Callable[..., SignOff] = correct if sign_off else sign
    too_late = show_conflict(request, back=_order_url(parcel), forms=[record_form, *forms])
    return run_action(
        request,
        lambda: action(sign_off or parcel, forms.report(), by=request.user, **record_form.facts()),
        done=_("Sign-off corrected.") if sign_off else _("Sign-off recorded."),
        next_page=_order_url(parcel),
        refusals={AlreadySigned: too_late, AlreadyCorrected: too_late},
    )


def _order_url(parcel: Parcel) -> str:
    return reverse("signoff:order-desk", args=[parcel.order.token])
