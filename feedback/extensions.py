"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from django.utils.translation import gettext_lazy as _

from returns.logbook.verbs import register_verb


def register() -> None:
    register_verb(
        "survey_answered",
        facts=("satisfaction", "ease"),
        desk=_("Survey answered: satisfaction %(satisfaction)s of 5, ease %(ease)s of 5"),
        shopper=_("You told us how it was"),
        icon="star",
    )
