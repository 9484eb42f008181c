from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RefundsConfig(AppConfig):
    """Putting it right: resolution, approval, money, payout, replacement, vouchers."""

    name = "refunds"
    verbose_name = _("Refunds")

    def ready(self) -> None:
        import_module("returns.telling")  # the floor below first: some of its verbs say more here
        import_module("refunds.timeline")
        import_module("refunds.tones")
