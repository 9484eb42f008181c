"""Positions of readers in the logbook belong to returns now (returns 0012); the table and its rows stay as they are."""

from django.db import migrations


def move_content_type(apps, schema_editor):
    """Permissions that were given on the model stay given."""
    types = apps.get_model("contenttypes", "ContentType").objects
    if not types.filter(app_label="returns", model="readingplace").exists():
        types.filter(app_label="feedback", model="readingplace").update(app_label="returns")


def move_content_type_back(apps, schema_editor):
    types = apps.get_model("contenttypes", "ContentType").objects
    if not types.filter(app_label="feedback", model="readingplace").exists():
        types.filter(app_label="returns", model="readingplace").update(app_label="feedback")


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('feedback', '0006_cancelled'),
        ('returns', '0012_place_in_the_logbook'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='ReadingPlace')]),
        migrations.RunPython(move_content_type, move_content_type_back),
    ]
