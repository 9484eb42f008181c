from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations


def let_administrators_see(apps, schema_editor):
    """The administrator may do everything in the house, so also see and revoke what is new in it."""
    create_permissions(installed.get_app_config("signoff"), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    new = Permission.objects.filter(
        content_type__app_label="signoff", content_type__model__in=["apitoken", "keptanswer"]
    )
    administrator, _ = Group.objects.get_or_create(name="administrator")
    administrator.permissions.add(*new)


class Migration(migrations.Migration):
    dependencies = [("config", "0001_roles"), ("signoff", "0002_api_tokens")]

    operations = [migrations.RunPython(let_administrators_see, migrations.RunPython.noop)]
