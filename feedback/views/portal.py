"""The shopper's answer to the question afterwards. The token from the mail is the key."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from feedback.actions import AlreadyAnswered, answer, answer_and_close
from feedback.forms import AnswerForm, ClosingAnswerForm
from feedback.models import Survey
from returns.models import Case
from signoff.access import public
from signoff.entry import entered_orders


@public
@never_cache
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Two questions; whoever has answered is thanked. Opening the address changes nothing.

    The token lets its holder answer, no more: the case is named only to a browser that has entered its order.
    """
    found = get_object_or_404(Survey.objects.select_related("case__shop", "answer"), token=token)
    number = found.case.number if found.case.order_id in entered_orders(request) else ""
    context = {"survey": found, "case": found.case, "shop": found.case.shop, "number": number}
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
