from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations


def give_rights(apps, schema_editor):
    """Managers and administrators may erase a conversation for a shopper who asks for it."""
    create_permissions(installed.get_app_config("feedback"), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    erase = Permission.objects.get(content_type__app_label="feedback", codename="erase_thread")
    for role in ("manager", "administrator"):
        Group.objects.get(name=role).permissions.add(erase)


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0006_conversation_rights"),
        ("feedback", "0014_erasing"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
