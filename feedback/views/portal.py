"""The shopper's answer to the question afterwards. The token from the mail is the key."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from feedback.actions import AlreadyAnswered, answer, answer_and_close
from feedback.forms import AnswerForm, ClosingAnswerForm
from feedback.models import Survey
from returns.models import Case
from signoff.access import public


@public
@never_cache
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Two questions; whoever has answered is thanked. Opening the address changes nothing."""
    found = get_object_or_404(Survey.objects.select_related("case__shop", "answer"), token=token)
    context = {"survey": found, "case": found.case, "shop": found.case.shop}
    if hasattr(found, "answer"):
        return render(request, "feedback/portal/thanks.html", context)
    can_close = found.case.status == Case.Status.RESOLVED
    form = (ClosingAnswerForm if can_close else AnswerForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _take(found, form)
        return redirect("feedback:survey", token)
    return render(request, "feedback/portal/survey.html", {**context, "form": form})


def _take(found: Survey, form: AnswerForm) -> None:
    given = dict(form.cleaned_data)
    deed = answer_and_close if given.pop("close", False) else answer
    try:
        deed(found, **given)
    except AlreadyAnswered:
        return  # sent twice, or from two windows: the page that follows says thank you
