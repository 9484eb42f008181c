"""The one-time link that an agent makes for a shopper who has no e-mail address or another telephone by now."""

import logging

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from signoff.lookup.actions import LINK_LIFETIME, make_link
from signoff.models import Order
from signoff.web.access import staff
from signoff.web.requests import StaffRequest

MAKE_LINK = "signoff.add_entrycode"

logger = logging.getLogger(__name__)


@staff(MAKE_LINK)
@require_POST
@never_cache
def entry_link(request: StaffRequest, token: str) -> HttpResponse:
    """Make a link for this order and show it once; only its hash is stored."""
    order = get_object_or_404(Order.objects.for_desk_page(), token=token)
    link = settings.SITE_URL + reverse("signoff:enter", args=[make_link(order, by=request.user)])
    logger.info("user %s made a link that opens order %s", request.user.pk, order.pk)
    hours = int(LINK_LIFETIME.total_seconds() // 3600)
    return render(request, "signoff/desk/entry_link.html", {"order": order, "link": link, "hours": hours})
