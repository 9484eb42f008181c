from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

REPLIES = {"view_savedreply", "add_savedreply", "change_savedreply", "delete_savedreply"}
MAY = {"manager": REPLIES, "administrator": REPLIES | {"view_thread", "view_post"}}


def give_rights(apps, schema_editor):
    """Let managers edit saved replies, and administrators look at conversations in the admin."""
    create_permissions(installed.get_app_config("feedback"), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, rights in MAY.items():
        found = Permission.objects.filter(content_type__app_label="feedback", codename__in=rights)
        Group.objects.get(name=role).permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0005_staff_rights"),
        ("feedback", "0011_words_of_messages"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
