"""The ``shopper`` decorator: pages for somebody who has proved an order by code or link."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from signoff.lookup.session import fallback_page, has_entry, remember_page
from signoff.web.access import Access, View, declare


def shopper(view: View) -> View:
    """A shopper who has entered by code or link; the view itself asks ``visible_to`` for the object.

    The first page after entry is the one asked for before; where that is not theirs or not at all, their order's.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not has_entry(request):
            remember_page(request)
            return redirect("signoff:find")
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if instead := fallback_page(request):
                return redirect(instead)
            raise

    return declare(inner, Access("shopper"))
