"""The pages of this app in a browser: for everybody, on phone and desktop, with and without JavaScript."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from playwright.sync_api import Page, expect

from feedback.messages.actions import read_logbook
from feedback.messages.render_mail import mail_of
from feedback.models import Answer, Message
from feedback.surveys.actions import answer, send_survey
from tests.factories import UserFactory, make_case
from tests.factories.case_messages import CASE_TOPICS, make_resolved_case

NewPage = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_shopper_answers_on_the_phone_and_closes_the_case(new_page: NewPage, axe: Any, javascript: bool) -> None:
    survey = send_survey(make_resolved_case(make_case()))
    page = new_page(device="phone", javascript=javascript)
    page.goto(f"/survey/{survey.token}/")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Please rate the outcome.")).to_be_visible()
    if javascript:
        axe(page)

    page.get_by_role("group", name="Are you happy").get_by_label("4 Happy").check(force=True)
    page.get_by_role("group", name="How easy was it").get_by_label("5 Very easy").check(force=True)
    page.get_by_label("Anything else you").fill("Quick!")
    page.get_by_label("Everything is sorted").check()
    page.get_by_role("button", name="Send answer").click()

    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(page.get_by_text("is closed.")).to_be_visible()
    if javascript:
        axe(page)
    assert (Answer.objects.get().satisfaction, Answer.objects.get().ease) == (4, 5)


def test_faces_are_chosen_with_the_keyboard(new_page: NewPage) -> None:
    survey = send_survey(make_resolved_case(make_case()))
    page = new_page()
    page.goto(f"/survey/{survey.token}/")
    page.locator("input[name=satisfaction]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="2 Unhappy")).to_be_checked()


def test_the_desks_lists_keep_nobody_out(new_page: NewPage, axe: Any) -> None:
    answer(send_survey(make_resolved_case(make_case())), satisfaction=2, ease=4, words="It took three mails.")
    read_logbook()
    Message.objects.update(status="failed", failure="unknown user")
    manager = UserFactory(role="manager")
    for device in ("desktop", "phone"):
        page = new_page(user=manager, device=device, dark=device == "phone")
        for address in ("/desk/messages/", "/desk/surveys/"):
            page.goto(address)
            axe(page)
    page = new_page(user=manager)
    page.goto("/desk/messages/")
    page.get_by_label("Case number, order number or e-mail address").fill("nobody")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("No matching messages")).to_be_visible()


def test_the_mail_box_keeps_nobody_out(new_page: NewPage, axe: Any, settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path
    code = EmailMessage(
        "402817 is your code", "Here it is:\n\n    402817\n", "a@shop.example", ["anna@shopper.example"]
    )
    EmailBackend(file_path=tmp_path, alias="default").send_messages([code])
    for device in ("desktop", "phone"):
        page = new_page(device=device, dark=device == "phone")
        page.goto("/demo/mail/")
        expect(page.get_by_text("402817", exact=True)).to_be_visible()
        axe(page)


def test_the_mail_box_shows_the_mail_as_the_shopper_sees_it(new_page: NewPage, settings: Any, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path
    CASE_TOPICS["information_wanted"](make_case())
    read_logbook()
    post = EmailBackend(file_path=tmp_path, alias="default")
    post.send_messages([mail_of(message) for message in Message.objects.order_by("pk")])

    page = new_page(device="phone")
    page.goto("/demo/mail/")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Which lamp is broken?")).to_be_visible()
    button = frame.get_by_role("link", name="Reply now")
    assert button.evaluate("link => getComputedStyle(link).paddingTop") == "12px"  # its own styles are at work
    assert button.evaluate("link => document.querySelector('base').target") == "_top"  # the whole window goes there
