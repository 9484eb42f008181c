"""Admin of teams, and of what each member of staff has chosen."""

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User

from signoff.models import StaffProfile, Team
from signoff.web.admin import ConfiguredAdmin


@admin.register(Team)
class TeamAdmin(ConfiguredAdmin):
    list_display = ["name", "active"]
    list_filter = ["active"]
    search_fields = ["name"]
    filter_horizontal = ["members"]


class StaffProfileForm(forms.ModelForm):
    """Offers only active colleagues as a stand-in."""

    class Meta:
        model = StaffProfile
        fields = ["user", "language", "time_zone", "absent_from", "absent_until", "stand_in"]

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        field = self.fields["stand_in"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(is_active=True).order_by("username")


@admin.register(StaffProfile)
class StaffProfileAdmin(ConfiguredAdmin):
    form = StaffProfileForm
    list_display = ["user", "language", "time_zone", "absent_from", "absent_until", "stand_in"]
    list_select_related = ["user", "stand_in"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
