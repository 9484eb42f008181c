"""The ``shopper`` decorator: access for browsers that have opened an order by code or link."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from signoff.lookup.session import fallback_page, has_entry, remember_page
from signoff.web.access import Access, View, declare


def shopper(view: View) -> View:
    """Access for shoppers who have entered; the view itself restricts rows with ``visible_to_entries``.

    The first page after entry is the one that was requested before it, or the order's page if that is another order's.
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
