from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ("agent", "manager", "administrator")


def let_agents_make_links(apps, schema_editor):
    """Let these roles make one-time links for shoppers."""
    create_permissions(installed.get_app_config("signoff"), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    right = Permission.objects.get(content_type__app_label="signoff", codename="add_entrycode")
    for role in ROLES:
        Group.objects.get(name=role).permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_squashed_0003_sign_off_rights"),
        ("signoff", "0016_doors"),
    ]

    operations = [migrations.RunPython(let_agents_make_links, migrations.RunPython.noop)]
