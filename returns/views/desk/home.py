"""The desk's front door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from returns.homes import home_of
from signoff.access import signed_in


@signed_in
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Everybody to their own queue."""
    return redirect(home_of(request.user))
