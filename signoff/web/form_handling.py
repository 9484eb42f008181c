"""Run the action of a form or a button, and answer the request: page, refusal, message, next page.

A view passes functions; this module knows no model. An exception that ``refusals`` does not name propagates: the
middleware answers ``TransitionNotAllowed`` (409), Django ``PermissionDenied`` (403).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_stubs_ext import StrOrPromise

from signoff.web.conflict import conflict
from signoff.web.next_item import next_url

type Page = Callable[[], HttpResponse]
type RefusalHandler = Callable[[Any], HttpResponse]
type Refusals = Mapping[type[Exception], RefusalHandler]


def handle_form[R](
    request: HttpRequest,
    form: Form,
    *,
    page: Page,
    action: Callable[..., R],
    next_page: str | Callable[[R], str],
    refusals: Refusals,
    done: StrOrPromise | Callable[[R], StrOrPromise] = "",
) -> HttpResponse:
    """Render ``page``; for a POST whose ``form`` is valid, call ``action`` with the form's values by name instead.

    The other parameters are those of ``run_action``.
    """
    if request.method != "POST" or not form.is_valid():
        return page()
    return run_action(request, lambda: action(**form.cleaned_data), next_page=next_page, refusals=refusals, done=done)


def run_action[R](
    request: HttpRequest,
    action: Callable[[], R],
    *,
    next_page: str | Callable[[R], str],
    refusals: Refusals,
    done: StrOrPromise | Callable[[R], StrOrPromise] = "",
) -> HttpResponse:
    """Call ``action``, add the message ``done`` and redirect to the URL ``next_page``.

    ``done`` and ``next_page`` may be functions of what the action returned. ``refusals`` maps exceptions to
    functions that answer the request when the action raises them; the first match is called. A form that asks for it
    goes on to the next item of a queue instead (``signoff.web.next_item``).
    """
    try:
        result = action()
    except tuple(refusals) as refusal:
        answer = next(handler for kind, handler in refusals.items() if isinstance(refusal, kind))
        return answer(refusal)
    if message := done(result) if callable(done) else done:
        messages.success(request, message)
    usual = next_page(result) if callable(next_page) else next_page
    return redirect(next_url(request, result) or usual)


def show_conflict(request: HttpRequest, *, back: str, forms: Iterable[BaseForm] = ()) -> RefusalHandler:
    """Answers with the conflict page (409), which shows what was typed in ``forms`` and leads ``back``."""
    return lambda refusal: conflict(request, str(refusal), back=back, forms=forms)


def show_form_error(form: Form, page: Page, *, field: str | None = None) -> RefusalHandler:
    """Answers with ``page``, where the refusal is an error of the form, or of its ``field``."""

    def answer(refusal: Exception) -> HttpResponse:
        form.add_error(field, str(refusal))
        return page()

    return answer


def show_error_message(request: HttpRequest, *, next_page: str) -> RefusalHandler:
    """Answers with a redirect to ``next_page``, where the refusal is an error message."""

    def answer(refusal: Exception) -> HttpResponse:
        messages.error(request, str(refusal))
        return redirect(next_page)

    return answer
