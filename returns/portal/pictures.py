"""Pictures of evidence: the view that serves them, and the context of pages that show them."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from returns.models import Evidence
from returns.permissions import REVIEW
from signoff.lookup.session import entered_orders
from signoff.pictures.serve import picture_response, size_of
from signoff.web.access import public


@public
@require_safe
def evidence(request: HttpRequest, token: str, size: str) -> HttpResponseBase:
    """Serve a picture to the shopper of the order and to staff who may see cases; 404 for everybody else."""
    visible = Evidence.objects.visible_to_entries(entered_orders(request))
    if request.user.has_perm("returns.view_case"):
        visible |= Evidence.objects.filter(case__isnull=False)
    if request.user.has_perm(REVIEW):
        visible |= Evidence.objects.filter(draft__contact__isnull=False)  # an agent is opening the case
    return picture_response(get_object_or_404(visible, token=token), size=size_of(size), request=request)


def shown(pictures: Iterable[Evidence]) -> list[dict[str, Any]]:
    """For ``components/pictures.html``; erased ones are left out."""
    return [
        {
            "url": reverse("returns:evidence", args=[picture.token, "full"]),
            "thumb": reverse("returns:evidence", args=[picture.token, "thumbnail"]),
            "alt": _("Photo"),
        }
        for picture in pictures
        if not picture.is_erased
    ]
