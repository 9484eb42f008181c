"""The shopper's page: the token is the key."""

import html

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from feedback.messages.actions import write_message
from feedback.models import Answer, Survey
from feedback.surveys.actions import answer, send_survey
from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.factories.case_messages import make_resolved_case, walk
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey() -> Survey:
    return send_survey(make_resolved_case())


def address(survey: Survey) -> str:
    return f"/survey/{survey.token}/"


def test_opening_the_address_changes_nothing(client: Client, survey: Survey) -> None:
    page = client.get(address(survey))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert survey.case.customer.email not in page.content.decode()
    assert not Answer.objects.exists()


def test_an_answer_is_taken_and_thanked_for(client: Client, survey: Survey) -> None:
    page = client.post(address(survey), {"satisfaction": "4", "ease": "5", "words": " Quick! "}, follow=True)
    assert "Thank you!" in page.content.decode()
    given = Answer.objects.get()
    assert (given.satisfaction, given.ease, given.words) == (4, 5, "Quick!")
    assert Case.objects.get().status == "resolved"


def test_the_case_is_closed_if_the_shopper_says_so(client: Client, survey: Survey) -> None:
    client.post(address(survey), {"satisfaction": "4", "ease": "5", "close": "on"})
    assert Case.objects.get().status == "closed"


def test_what_was_typed_is_kept_when_an_answer_is_missing(client: Client, survey: Survey) -> None:
    page = client.post(address(survey), {"ease": "2", "words": "Hm.", "close": "on"}).content.decode()
    assert "Please rate the outcome." in page
    assert "Hm." in page
    assert page.count(" checked") == 2
    assert not Answer.objects.exists()


@pytest.mark.parametrize("points", ["0", "6", "x", ""])
def test_points_are_one_to_five(client: Client, survey: Survey, points: str) -> None:
    client.post(address(survey), {"satisfaction": points, "ease": "3"})
    assert not Answer.objects.exists()


def test_who_has_answered_is_thanked_again(client: Client, survey: Survey) -> None:
    answer(survey, satisfaction=1, ease=1)
    for page in (client.get(address(survey)), client.post(address(survey), {"satisfaction": "5", "ease": "5"})):
        assert "Thank you!" in page.content.decode()
    assert Answer.objects.get().satisfaction == 1


def test_a_closed_case_is_answered_about_but_not_closed_again(client: Client, survey: Survey) -> None:
    walk(survey.case, Case.close)
    assert "Close my request" not in client.get(address(survey)).content.decode()
    page = client.post(address(survey), {"satisfaction": "5", "ease": "5", "close": "on"}, follow=True)
    assert "Thank you!" in page.content.decode()
    assert survey.case.log.last().verb == "close"


def test_a_token_that_nobody_gave_is_not_found(client: Client, survey: Survey) -> None:
    assert client.get("/survey/AAAAAAAAAAAAAAAA/").status_code == 404
    assert client.get(f"/survey/{survey.token.swapcase()}/").status_code == 404


def panel(tag: str, case: Case, role: str = "agent") -> str:
    request = RequestFactory().get("/")
    request.user = UserFactory(role=role)
    context = Context({"case": case, "perms": {"feedback": {"view_message": role == "agent"}}})
    return Template("{% load feedback_panels %}{% " + tag + " case %}").render(context).strip()


def test_the_status_page_leads_to_the_survey_and_shows_the_answer_later(survey: Survey) -> None:
    assert panel("survey_panel", make_case()) == ""
    assert address(survey) in panel("survey_panel", survey.case)
    answer(survey, satisfaction=4, ease=2, words="Quick!")
    assert "You gave 4 of 5 for the outcome and 2 of 5" in panel("survey_panel", survey.case)


def test_the_case_page_shows_what_was_told_to_those_who_may_see_it() -> None:
    case, shown = make_case(), {}
    message = write_message(case.log.select_related("case__customer", "case__order", "case__shop").get())
    for role in ("agent", "inspector"):
        client = Client()
        client.force_login(UserFactory(role=role))
        shown[role] = message.subject in html.unescape(client.get(case.get_absolute_url()).text)
    assert shown == {"agent": True, "inspector": False}


def test_the_case_is_named_only_to_who_has_entered_its_order(client: Client, survey: Survey) -> None:
    pages = [client.get(address(survey)), client.post(address(survey), {"satisfaction": "4", "ease": "5"}, follow=True)]
    assert [survey.case.number in page.content.decode() for page in pages] == [False, False]
    enter(client, survey.case.order)
    assert survey.case.number in client.get(address(survey)).content.decode()
