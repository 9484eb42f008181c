from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

RECORDS = {"returns": "view_contact", "inspection": "view_unknownparcel view_surplus", "feedback": "view_inboundmail"}


def give_rights(apps, schema_editor):
    """Let administrators look at these records in the admin."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for app, rights in RECORDS.items():
        create_permissions(installed.get_app_config(app), verbosity=0, apps=apps)
        found = Permission.objects.filter(content_type__app_label=app, codename__in=rights.split())
        Group.objects.get(name="administrator").permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0007_erasing_rights"),
        ("returns", "0018_reopening"),
        ("inspection", "0005_unknown_parcels_and_surplus"),
        ("feedback", "0014_erasing"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
