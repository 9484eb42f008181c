"""Views of the packing slip as PDF, for the shopper and for staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from returns.models import Case
from returns.models.queues import CaseQuerySet
from returns.portal.packing_slip import slip_pdf
from signoff.lookup.access import shopper
from signoff.lookup.session import entered_orders
from signoff.web.access import staff

#: a slip exists while goods are awaited
PRINTABLE = (Case.Status.AUTHORISED, Case.Status.IN_TRANSIT)


@shopper
@require_safe
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """The slip of the shopper's own case; 404 where no goods are awaited."""
    return _slip(Case.objects.visible_to_entries(entered_orders(request)), number)


@staff("returns.view_case")
@require_safe
def desk_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The slip of any case that staff may see."""
    return _slip(Case.objects.visible_to(request.user), number)


def _slip(cases: CaseQuerySet, number: str) -> HttpResponse:
    waiting = cases.filter(status__in=PRINTABLE).select_related("shop", "order")
    case = get_object_or_404(waiting, number=number)
    response = HttpResponse(slip_pdf(case, language=get_language() or "en"), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
