"""The question afterwards: asked once, answered once, and what an answer does to the case."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from feedback.models import Answer, Survey
from feedback.surveys.actions import AlreadyAnswered, answer, answer_and_close, send_survey
from returns.lifecycle.actions import move
from returns.logbook.timeline import timeline_of
from returns.models import Case
from tests.factories import make_case
from tests.factories.case_messages import make_resolved_case, walk


def last_verbs(case: Case, count: int = 1) -> list[str]:
    return [entry.verb for entry in case.log.order_by("seq")][-count:]


@pytest.mark.django_db
def test_a_case_is_asked_about_once() -> None:
    case = make_resolved_case()
    assert send_survey(case) == send_survey(case) == Survey.objects.get()


@pytest.mark.django_db
def test_an_answer_is_kept_and_noted_in_the_logbook() -> None:
    case = make_resolved_case()
    given = answer(send_survey(case), satisfaction=4, ease=5, words="Quick!")

    assert (given.satisfaction, given.ease, given.words) == (4, 5, "Quick!")
    entry = case.log.last()
    assert (entry.verb, entry.by_shopper, entry.facts) == ("survey_answered", True, {"satisfaction": 4, "ease": 5})
    assert Case.objects.get(pk=case.pk).status == "resolved"


@pytest.mark.django_db
def test_a_survey_is_answered_once() -> None:
    survey = send_survey(make_resolved_case())
    answer(survey, satisfaction=4, ease=5)
    with pytest.raises(AlreadyAnswered, match="already"):
        answer(survey, satisfaction=1, ease=1)
    assert Answer.objects.get().satisfaction == 4


@pytest.mark.django_db
def test_a_shopper_who_says_that_all_is_settled_closes_the_case() -> None:
    case = make_resolved_case()
    answer_and_close(send_survey(case), satisfaction=5, ease=5)
    assert Case.objects.get(pk=case.pk).status == "closed"
    assert last_verbs(case, 2) == ["survey_answered", "close"]
    assert case.log.last().by_shopper


@pytest.mark.django_db
def test_a_closed_case_can_be_answered_about_and_its_logbook_stays() -> None:
    case = walk(make_resolved_case(), Case.close)
    answer_and_close(send_survey(case), satisfaction=5, ease=5)
    assert Answer.objects.exists()
    assert last_verbs(case) == ["close"]


@pytest.mark.django_db
def test_a_case_that_was_reopened_meanwhile_is_not_closed() -> None:
    case = make_resolved_case()
    survey = send_survey(case)
    walk(case, Case.reopen)
    answer_and_close(survey, satisfaction=1, ease=1)
    assert Case.objects.get(pk=case.pk).status == "submitted"


@pytest.mark.django_db
@pytest.mark.parametrize(("satisfaction", "ease"), [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_points_are_one_to_five(satisfaction: int, ease: int) -> None:
    with pytest.raises(IntegrityError, match="answer_one_to_five"), transaction.atomic():
        answer(send_survey(make_resolved_case()), satisfaction=satisfaction, ease=ease)


@pytest.mark.django_db
def test_the_answer_is_told_in_the_timeline() -> None:
    case = make_resolved_case()
    answer(send_survey(case), satisfaction=4, ease=5)
    assert timeline_of(case, audience="desk")[0].title == "Survey answered: satisfaction 4 of 5, ease 5 of 5"
    assert timeline_of(case, audience="shopper")[0].title == "Service rated"


@pytest.mark.django_db(transaction=True)
def test_the_clock_that_closes_the_case_meanwhile_does_not_lose_the_answer() -> None:
    case = make_resolved_case(make_case())
    survey = send_survey(case)
    both = Barrier(2)

    def close() -> None:
        both.wait()
        move(case, Case.close, by=None)
        connections.close_all()

    clock = Thread(target=close)
    clock.start()
    both.wait()
    answer(survey, satisfaction=3, ease=3)
    clock.join()

    assert Answer.objects.get().satisfaction == 3
    assert Case.objects.get(pk=case.pk).status == "closed"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_answers_once() -> None:
    survey = send_survey(make_resolved_case(make_case()))
    both, refused = Barrier(2), []

    def click() -> None:
        both.wait()
        try:
            answer_and_close(survey, satisfaction=5, ease=5)
        except AlreadyAnswered as refusal:
            refused.append(refusal)
        connections.close_all()

    clicks = [Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()

    assert Answer.objects.count() == 1
    assert len(refused) == 1
