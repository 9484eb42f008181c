"""Admin of score rules, and read-only admin of violations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from signoff.models import ScoreRule, Violation
from signoff.web.admin import ConfiguredAdmin, ReadOnlyAdmin


@admin.register(ScoreRule)
class ScoreRuleAdmin(ConfiguredAdmin):
    purpose = _(
        "Rules for carriers, warehouses and sellers: how many parcels may go wrong, and what a violation costs."
    )
    list_display = ["__str__", "shop", "days", "at_least", "tariff", "penalty", "active"]
    list_filter = ["shop", "subject", "failing", "active"]
    list_select_related = ["shop"]


@admin.register(Violation)
class ViolationAdmin(ReadOnlyAdmin):
    list_display = ["name", "rule", "first_day", "last_day", "parcels", "failed", "penalty", "currency", "status"]
    list_filter = ["status", "rule__shop"]
    list_select_related = ["rule"]
    search_fields = ["name"]
    ordering = ["-raised_at", "-id"]
    exclude = ["evidence"]
