from django.db import migrations

ROLES = ("agent", "manager")


def give(apps, schema_editor):
    """Whoever answers shoppers may have a message sent again that was not delivered."""
    right = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="feedback", codename="change_message"
    )
    for role in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        role.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [("config", "0001_roles")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
