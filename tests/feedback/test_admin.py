"""The words are edited in the admin, with their history; what was sent and answered is only looked at."""

import pytest
from django.test import Client

from feedback.messages.actions import write_message
from feedback.models import MessageTemplate
from feedback.surveys.actions import answer, send_survey
from tests.factories import UserFactory, make_case
from tests.factories.case_messages import make_resolved_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def edit(administrator: Client, **words: str) -> str:
    template = MessageTemplate.objects.get(topic="received", language="en")
    words = {"subject": template.subject, "body": template.body} | words
    page = administrator.post(f"/admin/feedback/messagetemplate/{template.pk}/change/", words, follow=True)
    return page.content.decode()


def test_words_are_edited_with_history(administrator: Client) -> None:
    edit(administrator, subject="Got it: {{ number }}")
    template = MessageTemplate.objects.get(topic="received", language="en")
    assert template.subject == "Got it: {{ number }}"
    assert template.history.get().history_user.is_superuser


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Hello {{ nmae }}", "There is no variable {{ nmae }}."),
        ("{% load static %}", "There is a mistake in the template"),
        ("{{ name", ""),
        ("{{ name|upper }}", "There is a mistake in the template"),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused_with_a_sentence(
    administrator: Client, words: str, why: str
) -> None:
    page = edit(administrator, body=words)
    refused = MessageTemplate.objects.get(topic="received", language="en").body != words
    assert refused is bool(why)
    assert why in page


def test_the_variables_are_explained(administrator: Client) -> None:
    template = MessageTemplate.objects.first()
    page = administrator.get(f"/admin/feedback/messagetemplate/{template.pk}/change/").content.decode()
    assert "{{ due }}" in page
    assert "deadline of the next step" in page


def test_words_cannot_be_deleted(administrator: Client) -> None:
    template = MessageTemplate.objects.first()
    page = administrator.post(f"/admin/feedback/messagetemplate/{template.pk}/delete/", {"post": "yes"})
    assert page.status_code == 403


@pytest.mark.parametrize("model", ["message", "survey", "answer"])
def test_windows_are_only_looked_through(administrator: Client, model: str) -> None:
    message = write_message(make_case().log.select_related("case__customer", "case__order", "case__shop").get())
    given = answer(send_survey(make_resolved_case()), satisfaction=5, ease=5)
    row = {"message": message, "survey": given.survey, "answer": given}[model]
    place = f"/admin/feedback/{model}/"
    assert administrator.get(place).status_code == 200
    assert administrator.get(f"{place}{row.pk}/change/").status_code == 200
    assert administrator.post(f"{place}{row.pk}/change/", {}).status_code == 403
    assert administrator.get(f"{place}add/").status_code == 403
    assert administrator.post(f"{place}{row.pk}/delete/", {"post": "yes"}).status_code == 403
