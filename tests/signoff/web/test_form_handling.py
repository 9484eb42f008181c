"""What a view gets from ``handle_form``: the page, the action, the refusal or the next page."""

from collections.abc import Callable

import pytest
from django import forms
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from signoff.web.form_handling import (
    Page,
    Refusals,
    handle_form,
    run_action,
    show_conflict,
    show_error_message,
    show_form_error,
)

NEXT = "/next/"


class ColleagueWasFaster(Exception):
    pass


class ColleagueWasMuchFaster(ColleagueWasFaster):
    pass


class NoteForm(forms.Form):
    note = forms.CharField(label="Note")


def posted(rf: RequestFactory, **data: str) -> HttpRequest:
    return with_messages(rf.post("/", data))


def with_messages(request: HttpRequest) -> HttpRequest:
    request.user = AnonymousUser()
    request._messages = CookieStorage(request)
    return request


def said(request: HttpRequest) -> list[tuple[str, str]]:
    return [(message.level_tag, message.message) for message in messages.get_messages(request)]


def handle(
    request: HttpRequest,
    action: Callable[..., object],
    refusals: Callable[[NoteForm, Page], Refusals] = lambda _form, _page: {},
) -> HttpResponse:
    form = NoteForm(request.POST if request.method == "POST" else None)

    def page() -> HttpResponse:
        return HttpResponse(f"page {form.errors.as_text()}")

    return handle_form(
        request, form, page=page, action=action, done="Noted.", next_page=NEXT, refusals=refusals(form, page)
    )


def refuse(**_values: str) -> None:
    raise ColleagueWasFaster("Somebody has noted that.")


def test_a_get_shows_the_page_and_runs_nothing(rf: RequestFactory) -> None:
    ran = []

    response = handle(with_messages(rf.get("/")), lambda **values: ran.append(values))

    assert (response.content, ran) == (b"page ", [])


def test_an_invalid_form_shows_the_page_and_runs_nothing(rf: RequestFactory) -> None:
    ran = []

    response = handle(posted(rf), lambda **values: ran.append(values))

    assert ran == []
    assert b"This field is required" in response.content


def test_a_valid_form_runs_the_action_with_its_values_says_so_and_goes_on(rf: RequestFactory) -> None:
    ran = []
    request = posted(rf, note="Rang twice")

    response = handle(request, lambda **values: ran.append(values))

    assert ran == [{"note": "Rang twice"}]
    assert (response.status_code, response["Location"]) == (302, NEXT)
    assert said(request) == [("success", "Noted.")]


def test_message_and_next_page_may_depend_on_what_the_action_returned(rf: RequestFactory) -> None:
    request = posted(rf)

    response = run_action(
        request, lambda: 7, done=lambda number: f"Made {number}.", next_page=lambda number: f"/{number}/", refusals={}
    )

    assert response["Location"] == "/7/"
    assert said(request) == [("success", "Made 7.")]


def test_an_action_without_words_says_nothing(rf: RequestFactory) -> None:
    request = posted(rf)

    assert run_action(request, lambda: None, next_page=NEXT, refusals={}).status_code == 302
    assert said(request) == []


@pytest.mark.django_db
def test_a_conflict_keeps_what_was_typed_and_says_no_success(rf: RequestFactory) -> None:
    request = posted(rf, note="Rang twice")

    response = handle(
        request, refuse, lambda form, _page: {ColleagueWasFaster: show_conflict(request, back="/back/", forms=[form])}
    )

    assert response.status_code == 409
    for text in ("Somebody has noted that.", "Rang twice", "/back/"):
        assert text in response.content.decode()
    assert said(request) == []


@pytest.mark.parametrize("field", [None, "note"])
def test_a_refusal_can_be_an_error_of_the_form_or_of_its_field(rf: RequestFactory, field: str | None) -> None:
    request = posted(rf, note="Rang twice")

    response = handle(
        request, refuse, lambda form, page: {ColleagueWasFaster: show_form_error(form, page, field=field)}
    )

    assert response.content.decode() == f"page * {field or '__all__'}\n  * Somebody has noted that."


def test_a_refusal_can_be_a_message_on_the_next_page(rf: RequestFactory) -> None:
    request = posted(rf, note="Rang twice")

    response = handle(
        request, refuse, lambda _form, _page: {ColleagueWasFaster: show_error_message(request, next_page="/list/")}
    )

    assert response["Location"] == "/list/"
    assert said(request) == [("error", "Somebody has noted that.")]


def test_the_first_refusal_that_fits_answers(rf: RequestFactory) -> None:
    def refuse_at_once() -> None:
        raise ColleagueWasMuchFaster

    refusals = {
        ColleagueWasMuchFaster: lambda _refusal: HttpResponse("the special one"),
        ColleagueWasFaster: lambda _refusal: HttpResponse("the general one"),
    }

    response = run_action(posted(rf), refuse_at_once, next_page=NEXT, refusals=refusals)

    assert response.content == b"the special one"


def test_what_is_no_refusal_of_the_view_goes_on_to_the_middleware(rf: RequestFactory) -> None:
    def forbid(**_values: str) -> None:
        raise PermissionDenied

    with pytest.raises(PermissionDenied):
        handle(posted(rf, note="x"), forbid, lambda form, page: {ColleagueWasFaster: show_form_error(form, page)})
