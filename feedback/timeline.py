"""The words of this floor's verbs. Imported when the app is ready."""

from django.utils.translation import gettext_lazy as _

from returns.logbook.timeline import tell

tell(
    "survey_answered",
    _("Survey answered: satisfaction %(satisfaction)s of 5, ease %(ease)s of 5"),
    "star",
    shopper=_("You told us how it was"),
)
