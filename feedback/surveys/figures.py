"""Statistics of the answers for the desk."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Survey
from signoff.web.formatting import NONE


@dataclass(frozen=True)
class Stat:
    """A figure for ``components/stat.html``."""

    label: str
    value: str
    url: str
    detail: str = ""


def figures() -> list[Stat]:
    """Averages, response rate and number of low scores of the newest surveys."""
    figures = Survey.objects.figures()
    asked, answered = figures.asked, figures.answered
    of_asked = ngettext("of the last survey sent", "of the last %(count)d surveys sent", asked) % {"count": asked}
    return [
        Stat(_("Satisfaction"), _of_five(figures.satisfaction), _rows("answered"), _("out of 5")),
        Stat(_("Ease"), _of_five(figures.ease), _rows("answered"), _("out of 5")),
        Stat(_("Response rate"), f"{round(100 * answered / asked)}%" if asked else NONE, _rows("answered"), of_asked),
        Stat(_("Low scores to follow up"), str(figures.low), _rows("low"), of_asked),
    ]


def _of_five(average: float | None) -> str:
    return NONE if average is None else number_format(average, 1)


def _rows(show: str) -> str:
    return reverse("feedback:survey-list", query={"show": show})
