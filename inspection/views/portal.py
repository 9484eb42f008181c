"""Photos of the bench, for users who may see the case."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from inspection.models import Photo
from returns.models import Case
from signoff.lookup.session import entered_orders
from signoff.pictures.serve import picture_response, size_of
from signoff.web.access import public


@public
@require_safe
def photo(request: HttpRequest, token: UUID, size: str) -> HttpResponseBase:
    """A photo for staff who may see cases, or for the shopper who has entered its order; else 404."""
    cases = Case.objects.visible_to(request.user)
    if not request.user.has_perm("returns.view_case"):
        cases = Case.objects.visible_to_entries(entered_orders(request))
    match = get_object_or_404(Photo, token=token, case__in=cases)
    return picture_response(match, size=size_of(size), request=request)
