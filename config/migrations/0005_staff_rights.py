from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

MANAGER = ("view_team", "add_team", "change_team", "view_staffprofile", "add_staffprofile", "change_staffprofile")
MODELS = ("team", "staffprofile", "historicalteam", "historicalstaffprofile")


def give_rights(apps, schema_editor):
    """Managers keep the teams, and enter the absence of a colleague who is ill; the administrator may do everything."""
    create_permissions(installed.get_app_config("signoff"), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    known = Permission.objects.filter(content_type__app_label="signoff")
    Group.objects.get(name="manager").permissions.add(*known.filter(codename__in=MANAGER))
    Group.objects.get(name="administrator").permissions.add(*known.filter(content_type__model__in=MODELS))


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0004_entry_links"),
        ("signoff", "0021_staff"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
