"""Surveys and their answers, as actions, pages and panels read them."""

from feedback.models import Answer, Survey
from returns.models import Case
from signoff.db.prepared.compiled import CompiledQuery

_BY_TOKEN = CompiledQuery(
    lambda token: Survey.objects.select_related("case__shop", "case__customer", "answer").filter(token=token)
)
_OF_CASE = CompiledQuery(lambda case: Survey.objects.filter(case=case).select_related("answer").order_by("pk"))
_ANSWERS = CompiledQuery(lambda survey: Answer.objects.filter(survey_id=survey).values_list("pk"))


def survey_by_token(token: str) -> Survey | None:
    """The survey with this public token, with case, shop, customer and answer joined."""
    return _BY_TOKEN.first(token)


def survey_of(case: Case) -> Survey | None:
    """The survey of ``case`` with its answer, if one was sent."""
    return _OF_CASE.first(case.pk)


def is_answered(survey_id: int) -> bool:
    """Whether the survey has an answer; always a query, because the case may have been locked meanwhile."""
    return bool(_ANSWERS.all(survey_id))
