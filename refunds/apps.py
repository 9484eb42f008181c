from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefundsConfig(AppConfig):
    """Resolution of cases: plans, approvals, refunds, payouts, replacements, ledger."""

    name = "refunds"
    verbose_name = _("Refunds")

    def ready(self) -> None:
        import_module("refunds.extensions").register()
