"""Admin of teams, and of what each member of staff has chosen."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from signoff.models import StaffProfile, Team
from signoff.web.admin import ConfiguredAdmin


class KeptAdmin(ConfiguredAdmin):
    """Configuration that is changed, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(KeptAdmin):
    """A team is made inactive, never deleted: cases name it."""

    purpose = _("Groups of colleagues that cases can be assigned to.")

    list_display = ["name", "active"]
    list_filter = ["active"]
    search_fields = ["name"]
    filter_horizontal = ["members"]


class StaffProfileForm(forms.ModelForm):
    """Offers only active colleagues as a stand-in."""

    class Meta:
        model = StaffProfile
        fields = ["user", "language", "time_zone", "absent_from", "absent_until", "stand_in"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["stand_in"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(is_active=True).order_by("username")


@admin.register(StaffProfile)
class StaffProfileAdmin(KeptAdmin):
    purpose = _("Language, time zone, absence and notifications of each colleague.")

    form = StaffProfileForm
    list_display = ["user", "language", "time_zone", "absent_from", "absent_until", "stand_in"]
    list_select_related = ["user", "stand_in"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
